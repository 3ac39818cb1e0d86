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
