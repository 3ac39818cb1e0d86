package main

import "flag"

// many is the number of positional arguments of verbs that take any number.
const many = 1 << 20

// verbs is the explicit list of everything the desk can do.
func verbs() []verb {
	return []verb{
		{name: "login", args: "--server URL --user NAME --password-file F [--machine NAME] [--insecure]", needs: needLock, run: login,
			help: "登录服务器，把账号绑定到这个资料目录（F 为 - 时从标准输入读密码）",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.StringVar(&f.server, "server", "", "")
				fs.StringVar(&f.user, "user", "", "")
				fs.StringVar(&f.passwordFile, "password-file", "", "")
				fs.StringVar(&f.machine, "machine", "", "")
				fs.BoolVar(&f.insecure, "insecure", false, "")
			}},
		{name: "logout", needs: needLock, run: logout,
			help: "结束会话；资料和待送达的事项留在本机"},
		{name: "sync", args: "[--watch]", needs: needLock, run: syncOnce,
			help: "送出待送达的事项，取回变化；被拒的事项不算失败（--watch：一直同步，直到中断）",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.BoolVar(&f.watch, "watch", false, "")
			}},
		{name: "status", needs: needRead, run: status,
			help: "同步状态：何时同步、几件待送达、几件需您处理"},
		{name: "kinds", needs: needNothing, run: kinds,
			help: "记录的种类：字段、视图、筛选和排序"},
		{name: "commands", needs: needNothing, run: commands,
			help: "命令的名称、参数的 JSON 模式和离线类别"},
		{name: "list", args: "KIND [--view V] [--where 字段=值]… [--order 字段] [--desc] [--limit N] [--online]", min: 1, max: 1, needs: needRead, run: list,
			help: "列出记录；只能用声明过的字段；不写视图时取第一个合用的（--limit 0：全部，默认 100；--online：问服务器，包括本机不留的）",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.StringVar(&f.view, "view", "", "")
				fs.Var(&f.where, "where", "")
				fs.StringVar(&f.order, "order", "", "")
				fs.BoolVar(&f.desc, "desc", false, "")
				fs.IntVar(&f.limit, "limit", defaultLimit, "")
				fs.BoolVar(&f.online, "online", false, "")
			}},
		{name: "show", args: "KIND ID", min: 2, max: 2, needs: needRead, run: show,
			help: "一条记录和它的下级记录"},
		{name: "do", args: "COMMAND - [--many]", min: 2, max: 2, needs: needLock, run: do,
			help: "办理：从标准输入读 JSON 参数；离线可用（N 类须联网）；缺少的 id 自动补上；退出码 0 表示已排队（--many：每行一份参数，逐件排队，遇错即停）",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.BoolVar(&f.many, "many", false, "")
			}},
		{name: "attach", args: "DOCUMENT FILE [--name NAME]", min: 2, max: 2, needs: needLock, run: attach,
			help: "给公文加附件；离线可用，文件先存在本机，同步时上传",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.StringVar(&f.name, "name", "", "")
			}},
		{name: "fetch", args: "ATTACHMENT [--to FILE]", min: 1, max: 1, needs: needLock, run: fetch,
			help: "下载附件到本机；--to 另存为文件（- 为标准输出）",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.StringVar(&f.to, "to", "", "")
			}},
		{name: "outbox", args: "[--all]", needs: needRead, run: outbox,
			help: "待送达、已送达、被拒、冲突的事项（--all：包括已了结的）",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.BoolVar(&f.all, "all", false, "")
			}},
		{name: "outbox retry", args: "MID", min: 1, max: 1, needs: needLock, run: retry,
			help: "按现在的版本再送一次"},
		{name: "outbox discard", args: "MID", min: 1, max: 1, needs: needLock, run: discard,
			help: "放弃一件被拒或尚未送出的事项"},
		{name: "flow", args: "KEY.VERSION", min: 1, max: 1, needs: needRead, run: flow,
			help: "把流程的一个版本写成 BPMN 2.0 XML（发布用 desk do approval.publish_bpmn@1 -）"},
		{name: "flow check", args: "-", min: 1, max: 1, needs: needNothing, run: flowCheck,
			help: "从标准输入读 BPMN，逐个元素检查能否发布"},
		{name: "search", args: "TEXT…", min: 1, max: many, needs: needRead, run: search,
			help: "在本机的资料中查找，新的在前",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.IntVar(&f.limit, "limit", 20, "")
			}},
		{name: "history", args: "[--limit N]", needs: needRead, run: history,
			help: "复制记录：每次同步做了什么；每次修复、重读、重建、换设备的缘由",
			flags: func(fs *flag.FlagSet, f *flags) {
				fs.IntVar(&f.limit, "limit", 50, "")
			}},
		{name: "export-log", args: "[FILE]", max: 1, needs: needRead, run: exportLog,
			help: "导出复制日志供排查（不含内容；FILE 为 - 时写到标准输出，不写时放进资料目录的 export）"},
		{name: "doctor", needs: needRead, run: doctor,
			help: "检查资料目录：文件权限、数据库完好、校验和与链、队列一致、是否卡住"},
		{name: "verify", needs: needRead, run: verify,
			help: "核验本机公文的流转轨迹：哈希链、服务器签名、意见原文（不需联网）；有断裂时以 1 退出"},
		{name: "version", needs: needNothing, run: printVersion, help: "显示版本"},
		{name: "help", needs: needNothing, run: help, max: many, help: "显示本说明"},
	}
}
