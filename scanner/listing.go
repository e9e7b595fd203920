package scanner

// Role says what a field of a listing is for.
type Role string

// The roles, as they appear in layouts, in --columns and in every output.
const (
	Title       Role = "title"
	Bullet      Role = "bullet"
	Description Role = "description"
	Tags        Role = "tags"
	Brand       Role = "brand"
	Attribute   Role = "attribute"
	SEO         Role = "seo"
	Keywords    Role = "keywords"
	Variant     Role = "variant"
)

// Roles lists the text roles in the order a reader expects them.
var Roles = []Role{Title, Bullet, Description, Tags, Brand, Attribute, SEO, Keywords, Variant}

// Field is one text cell of a listing.
type Field struct {
	Role   Role
	Column string // header cell as decoded, spaces kept
	Col    int    // 0-based position of the column in its table
	Row    int    // 1-based physical row in the file or sheet
	Text   string // the cell decoded to UTF-8, tags and entities still in it

	Repeats []int // further rows of the listing whose cell in this column holds the same text
}

// Origin says where a listing was read.
type Origin struct {
	File  string // as the user named it; inside a ZIP: archive.zip/name.csv
	Sheet string // sheet name of a workbook, else ""
	Rows  []int  // 1-based physical rows, ascending: parent, variants, images
}

// Listing is one product as the seller sees it.
type Listing struct {
	ID          string // the seller's own key, or t: and a hash
	Store       string // store the listing belongs to, for identity across weeks
	Origin      Origin
	Fields      []Field
	Category    string // as exported, may be empty
	Supplier    string
	Marketplace string // one of the platform names
	URL         string // the listing's own address where the export has one
}

// Title returns the text of the first title field, or "".
func (l *Listing) Title() string {
	for i := range l.Fields {
		if l.Fields[i].Role == Title {
			return l.Fields[i].Text
		}
	}
	return ""
}

// Unread is a row, or a whole file or sheet when Row is 0, that could not be
// read. It is an error so that a reader can yield it without stopping.
type Unread struct {
	File  string
	Sheet string
	Row   int // 1-based physical row, 0 for the file as a whole
	Line  int // 1-based physical text line where the row starts, 0 if none
	Err   error
}

// Error gives the cause; place is kept apart so that each output can show it its own way.
func (u *Unread) Error() string { return u.Err.Error() }

// Unwrap returns the cause.
func (u *Unread) Unwrap() error { return u.Err }

// FileFacts says how one file (or one sheet of it) was understood.
type FileFacts struct {
	File      string
	Platform  string // one of the platform names
	Container string // csv, tsv, xlsx, xls, html, xml
	Encoding  string // UTF-8, UTF-16LE, windows-1252, ...; "" for workbooks
	Delimiter string // the delimiter character, "" where there is none
	Sheet     string
	HeaderRow int                 // 1-based physical row
	Columns   map[string][]string // role (also id, category, supplier, url, image) -> header cells used
	Rows      int                 // data rows read
	Listings  int
	Notes     []string // everything a careful reader should know: skipped sheets, padded rows, guessed encoding
	Evidence  []string // why this platform, in words
}
