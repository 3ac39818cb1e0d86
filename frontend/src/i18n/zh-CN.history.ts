/** What the replication history tells, and heads of columns without a text. */
export default {
  /** The head of a column that shows no text. */
  table: { bar: '标记' },
  /** What the replication history tells out of the ordinary. */
  happened: {
    show: '显示',
    all: '全部',
    only: '特殊情况',
    none: '没有特殊情况',
    noneText: '修复、重读、停用等情况会记在这里。',
    place: '{of}的{lane}',
    of: { me: '本人', org: '全单位', unit: '“{name}”', post: '岗位“{name}”', role: '角色“{name}”' },
    lane: { 0: '待办和审批', 1: '列表', 2: '正文', 3: '其他资料' },
    what: { repair: '修复', reset: '重读', rebuild: '整体重读', replay: '重新送出', fork: '换设备编号', aside: '文件损坏', upgrade: '升级', refused: '停止收发', blob: '附件损坏', other: '其他' },
    why: {
      mended: '{place}有 {n} 条与服务器不一致，已逐条修复。',
      differs: '{place}修复 {n} 条后仍不一致，继续核对。',
      sums: '{place}与服务器不一致，已从头重读。',
      old: '{place}离上次同步太久，已从头重读。',
      history: '服务器恢复过备份，{place}已从头重读。',
      history_all: '服务器恢复过备份，本机资料全部重读。您办理的事项没有丢失。',
      copy: '这份资料在另一台电脑上也在使用，本机换了设备编号。您办理的事项没有丢失。',
      forgotten: '服务器不记得这台设备办理的事项，已换设备编号并重新送出。',
      replayed: '服务器恢复过备份，已送达的 {n} 件重新送出，每件只生效一次。',
      anew: '存放待送达事项的文件损坏，没有可用的副本，原文件留待诊断。',
      own_words: '损坏的旧文件已清除，其中本人未送达的文字另存于本机，可请管理员取出。',
      back: '存放待送达事项的文件损坏，已放回最近的副本，原文件留待诊断。',
      fetched: '存放公文和资料的文件损坏，已重新下载；下载完整后清除原文件。',
      older: '本机资料已升级到这一版程序。',
      wiped: '单位停用了这台设备，服务器不再收发。',
      too_old: '程序太旧，服务器不再收发。待送达的事项保留在本机。',
      blob_again: '下载的附件内容有误，已重新下载。',
      blob_bad: '本机的附件已损坏，没有上传。请重新添加。',
      blob_gone: '有附件本机和服务器都已没有，见对账台。请重新添加。',
      other: '{what}',
    },
  },
}
