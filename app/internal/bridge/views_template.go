package bridge

// TemplateBook are the 版式模板 of the office.
type TemplateBook struct {
	List   []TemplateView `json:"list"` // the presets, then the office's own, newest versions
	MayPut bool           `json:"mayPut"`
}

// TemplateView is a template as it counts now.
type TemplateView struct {
	Key      string            `json:"key"`
	Version  int               `json:"version"`
	Name     string            `json:"name"`
	Format   string            `json:"format"` // file | letter | order | minutes | plain
	Preset   bool              `json:"preset"` // ships, cannot be changed
	Issuers  []string          `json:"issuers"`
	Off      bool              `json:"off"`
	Words    string            `json:"words"`
	By       string            `json:"by"`
	At       int64             `json:"at"`
	Numbers  []TemplateNumber  `json:"numbers"`
	Flags    []TemplateFlag    `json:"flags"`
	Versions []TemplateVersion `json:"versions"` // all, the newest first
}

// TemplateNumber is one number of a template and how far it may go, in
// thousandths of its unit.
type TemplateNumber struct {
	Field string `json:"field"`
	Value int    `json:"value"`
	Low   int    `json:"low"`
	High  int    `json:"high"`
	Whole bool   `json:"whole"`
}

// TemplateFlag is a choice of a template.
type TemplateFlag struct {
	Field string `json:"field"`
	On    bool   `json:"on"`
}

// TemplateVersion is one version of a template, kept for ever.
type TemplateVersion struct {
	Version int    `json:"version"`
	By      string `json:"by"`
	At      int64  `json:"at"`
	Words   string `json:"words"`
	Off     bool   `json:"off"`
}

// TemplateInput is the next version of a template.
type TemplateInput struct {
	Key     string           `json:"key"`  // "" makes a new template
	Base    int              `json:"base"` // the version the person saw
	Name    string           `json:"name"`
	Format  string           `json:"format"`
	Issuers []string         `json:"issuers"`
	Off     bool             `json:"off"`
	Words   string           `json:"words"`
	Numbers []TemplateNumber `json:"numbers"`
	Flags   []TemplateFlag   `json:"flags"`
}
