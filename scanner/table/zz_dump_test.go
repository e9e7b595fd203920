package table
import ("testing";"fmt";"path/filepath")
func TestDumpAll(t *testing.T){
 fs,_:=filepath.Glob("../../testdata/listings/*.*")
 for _,f:=range fs { if filepath.Base(f)=="expected.tsv"{continue}
  ls,facts,err:=readAll(f,Options{})
  for _,x:=range facts { fmt.Println(filepath.Base(f),x.Platform,x.Container,x.Encoding,x.Delimiter,x.Sheet,"hdr",x.HeaderRow,"rows",x.Rows,"listings",x.Listings,err); fmt.Println("   ",x.Columns); fmt.Println("   ",x.Notes) }
  if len(ls)>1 { fmt.Println("   1:",brief(ls[0])); fmt.Println("   2:",brief(ls[1]), ls[1].Category,"|",ls[1].Supplier,"|",ls[1].URL) }
 }
}
