package protocol

import "qianshao/syncserver/office"

// The contents of files travel apart from records, at /blob/{sha256}:
//
//	HEAD  200 with Content-Length: it is complete, and the caller brought it or
//	      may read a record that refers to it; else 404 with HeaderOffset: how
//	      much of the caller's own upload is here
//	PUT   one piece at HeaderOffset of HeaderLength bytes in all; the answer is a
//	      BlobReply; 409 CodeOffset with HeaderOffset where the upload stands
//	      elsewhere, 422 CodeHash where all bytes are here and have another hash
//	GET   the content, or with Range the part asked for, for whoever may read a
//	      record that refers to it; 404 for anybody else
const (
	HeaderOffset = "Upload-Offset"
	HeaderLength = "Upload-Length"
	BlobPath     = "/blob/"
)

// MaxPiece is the most bytes of one PUT: proxies let bodies of this size pass.
const MaxPiece = 8 << 20

// BlobsPath is where a desk asks which files it must bring before it pushes:
// after the server went back to a backup, those it had brought already too.
const BlobsPath = "/sync/blobs"

// BlobsRequest names the files that a desk's next commands refer to.
type BlobsRequest struct {
	Device string   `json:"dev"`
	SHA256 []string `json:"sha256"`
}

// MaxBlobs is how many files one question names.
const MaxBlobs = 500

// BlobsReply tells which of them the person has to bring: the server has not got
// them, or the person neither brought them nor may read a record that refers to
// them. It does not tell the two apart.
type BlobsReply struct {
	LastN int64    `json:"last_n"` // highest n of the device that was handled
	Lacks []string `json:"lacks"`
}

// BlobReply answers a piece.
type BlobReply struct {
	Offset int64 `json:"offset"` // bytes that are here
	Done   bool  `json:"done"`   // all, and verified
}

// Codes of requests about files.
const (
	CodeOffset office.Code = "wrong_offset" // 409: the upload stands elsewhere
	CodeHash   office.Code = "wrong_hash"   // 422: the content has another hash than its name
	CodeQuota  office.Code = "blob_quota"   // 507: the person has brought too much that belongs to nothing
	CodeFull   office.Code = "storage_full" // 507: the server has no room
)
