package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// fontsFile names the folder of fonts that was chosen for this profile.
const fontsFile = "fonts.json"

// FontFolder is the folder whose fonts draw paper before all others; "" if none
// was chosen.
func (f *Folder) FontFolder() (string, error) {
	raw, err := os.ReadFile(filepath.Join(f.dir, fontsFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	var x struct {
		Folder string `json:"folder"`
	}
	if err == nil {
		err = json.Unmarshal(raw, &x)
	}
	if err != nil {
		return "", fmt.Errorf("read the folder of fonts: %w", err)
	}
	return x.Folder, nil
}

// SaveFontFolder keeps it.
func (f *Folder) SaveFontFolder(folder string) error {
	raw, err := json.Marshal(map[string]string{"folder": folder})
	if err == nil {
		err = f.write(fontsFile, raw)
	}
	if err != nil {
		return fmt.Errorf("keep the folder of fonts: %w", err)
	}
	return nil
}
