// Command prescreen screens marketplace exports for trademarks and protected
// terms before a rights holder or a marketplace complains.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, cacheDir: os.UserCacheDir}))
}
