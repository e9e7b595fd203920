package table

import "fmt"

func openOLE(src source, opt containerOptions) (*container, error) {
	return nil, fmt.Errorf("%s: ole later", src.name)
}
