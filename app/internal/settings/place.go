package settings

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// ProfileEnv is the environment variable that names a person's profile.
const ProfileEnv = "QIANSHAO_PROFILE"

// The product's folder among other programs' folders, in each system's habit.
const (
	folderTitle = "Qianshao"
	folderPlain = "qianshao"
)

// System is what the places of files depend on; tests make their own.
type System struct {
	OS     string              // a GOOS
	Getenv func(string) string // the environment
	Home   string              // the person's home folder; may be "" on Windows
}

// Native is the system this program runs on.
func Native() System {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // Base says what is missing, if it is needed at all
	}
	return System{OS: runtime.GOOS, Getenv: os.Getenv, Home: home}
}

// Base is the folder of everything the product keeps for this person:
// %LOCALAPPDATA%\Qianshao on Windows (databases must not roam),
// ~/Library/Application Support/Qianshao on macOS, and elsewhere
// $XDG_DATA_HOME/qianshao or ~/.local/share/qianshao (XDG base directory
// specification 0.8; a relative XDG_DATA_HOME is to be ignored).
func (s System) Base() (string, error) {
	needHome := func(parts ...string) (string, error) {
		if s.Home == "" {
			return "", errors.New("find the profile folder: no home folder")
		}
		return filepath.Join(append([]string{s.Home}, parts...)...), nil
	}
	switch s.OS {
	case "windows":
		if d := s.Getenv("LOCALAPPDATA"); d != "" {
			return filepath.Join(d, folderTitle), nil
		}
		return needHome("AppData", "Local", folderTitle)
	case "darwin":
		return needHome("Library", "Application Support", folderTitle)
	default:
		if d := s.Getenv("XDG_DATA_HOME"); filepath.IsAbs(d) {
			return filepath.Join(d, folderPlain), nil
		}
		return needHome(".local", "share", folderPlain)
	}
}

// Profile is the folder a person's profile is in if the command line names no
// other: $QIANSHAO_PROFILE, or "profile" under Base.
func (s System) Profile() (string, error) {
	if d := s.Getenv(ProfileEnv); d != "" {
		return d, nil
	}
	base, err := s.Base()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, "profile"), nil
}
