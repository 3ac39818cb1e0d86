/** Words of attachments and of what is taken along on a trip. */
export default {
  files: {
    title: '附件',
    sum: '{n} 个，共 {size}',
    bytes: '{n} 字节',
    none: '没有附件。可将文件拖到此处。',
    add: '添加',
    choose: '选择要添加的文件',
    fetchAll: '全部下载',
    reading: '读入本机',
    open: '打开',
    save: '另存为',
    openOf: '打开“{name}”',
    saveOf: '另存“{name}”',
    fetchOf: '下载“{name}”',
    retryOf: '重新送达“{name}”',
    removeOf: '移除“{name}”',
    dismissOf: '收起“{name}”',
    state: { wait: '待上传', up: '上传中', sent: '待送达', away: '未下载', down: '下载中', here: '已下载', refused: '被拒' },
    why: { invalid: '文件名不合规定', exists: '已有同名附件', too_large: '文件超过大小限制' },
  },
}
