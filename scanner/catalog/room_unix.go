//go:build linux || darwin || freebsd

package catalog

import "syscall"

// freeBytes tells how many bytes can be written to the disk of dir.
func freeBytes(dir string) (free int64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
