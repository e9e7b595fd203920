package table

import "fmt"

func openBIFF(name string, b []byte, opt containerOptions) (*container, error) {
	return nil, fmt.Errorf("%s: biff later", name)
}
