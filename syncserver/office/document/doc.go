// Package document is the office's papers: 发文, 收文 and 签报, each a header, a
// body of blocks with stable ids, attached files, every version of it that was saved, and the
// series its official number comes from.
//
// A header takes part in approval by the fields that package approval names;
// neither room imports the other. Texts are merged three ways, block by block,
// so that two people can work on one paper far from each other. 涉密 papers are
// refused (rule L15): this room holds none.
package document
