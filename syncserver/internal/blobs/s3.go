package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"qianshao/syncserver/office"
)

// s3 keeps contents as objects. Only s3rver has been tried.
type s3 struct {
	c      *minio.Client
	bucket string
	prefix string
}

func openS3(ctx context.Context, u *url.URL) (Store, error) {
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	secret, _ := u.User.Password()
	if u.Host == "" || bucket == "" || u.User.Username() == "" || secret == "" {
		return nil, errors.New("open store of files: s3://KEY:SECRET@HOST/BUCKET is needed")
	}
	q := u.Query()
	c, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: q.Get("tls") != "off", Region: q.Get("region"), BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, fmt.Errorf("open store of files: %w", err)
	}
	there, err := c.BucketExists(ctx, bucket)
	if err != nil {
		return nil, fmt.Errorf("open store of files: %w", err)
	}
	if !there {
		return nil, fmt.Errorf("open store of files: there is no bucket %s", bucket)
	}
	return &s3{c: c, bucket: bucket, prefix: prefix}, nil
}

func (s *s3) key(sha string) string { return path.Join(s.prefix, sha[:2], sha) }

// partSize bounds memory: each part of an object is read into it.
const partSize = 16 << 20

// Put uploads the file, in parts if it is large.
func (s *s3) Put(ctx context.Context, sha, file string, size int64) error {
	if n, err := s.Stat(ctx, sha); err == nil && n == size {
		return nil
	}
	// Not signed in chunks: s3rver keeps the signatures of small bodies among
	// their content. Whoever reads a content verifies it by its name.
	info, err := s.c.FPutObject(ctx, s.bucket, s.key(sha), file, minio.PutObjectOptions{
		ContentType: "application/octet-stream", PartSize: partSize, NumThreads: 2, DisableContentSha256: true,
	})
	if err == nil && info.Size != size {
		err = fmt.Errorf("%d bytes of %d arrived", info.Size, size)
	}
	if err != nil {
		return fmt.Errorf("store object: %w", err)
	}
	return nil
}

// Open reads from an offset on.
func (s *s3) Open(ctx context.Context, sha string, offset int64) (io.ReadCloser, int64, error) {
	size, err := s.Stat(ctx, sha)
	if err != nil {
		return nil, 0, err
	}
	if offset >= size {
		return io.NopCloser(strings.NewReader("")), size, nil
	}
	var o minio.GetObjectOptions
	if offset > 0 {
		if err := o.SetRange(offset, size-1); err != nil {
			return nil, 0, fmt.Errorf("open object: %w", err)
		}
	}
	core := minio.Core{Client: s.c}
	r, _, _, err := core.GetObject(ctx, s.bucket, s.key(sha), o)
	if err != nil {
		return nil, 0, fmt.Errorf("open object: %w", absent(err))
	}
	return r, size, nil
}

// Stat tells the size.
func (s *s3) Stat(ctx context.Context, sha string) (int64, error) {
	info, err := s.c.StatObject(ctx, s.bucket, s.key(sha), minio.StatObjectOptions{})
	if err != nil {
		return 0, fmt.Errorf("find object: %w", absent(err))
	}
	return info.Size, nil
}

func absent(err error) error {
	if r := minio.ToErrorResponse(err); r.StatusCode == http.StatusNotFound || r.Code == minio.NoSuchKey {
		return ErrAbsent
	}
	return err
}

// Remove removes an object.
func (s *s3) Remove(ctx context.Context, sha string) error {
	err := absent(s.c.RemoveObject(ctx, s.bucket, s.key(sha), minio.RemoveObjectOptions{}))
	if err != nil && !errors.Is(err, ErrAbsent) {
		return fmt.Errorf("remove object: %w", err)
	}
	return nil
}

// List asks for all objects below the prefix.
func (s *s3) List(ctx context.Context, f func(string, time.Time) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	prefix := ""
	if s.prefix != "" {
		prefix = s.prefix + "/"
	}
	for o := range s.c.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("list objects: %w", o.Err)
		}
		if sha := path.Base(o.Key); office.ValidSHA256(sha) {
			if err := f(sha, o.LastModified); err != nil {
				return err
			}
		}
	}
	return nil
}
