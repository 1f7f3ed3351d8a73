extension ReferenceCases {
    static let first = #"""
        id  =>>  "o1"
        who.first  =>>  "Ann"
        who.none  =>>  undefined
        lines.sku  =>>  ["hat","cup","hat"]
        lines.qty  =>>  [2,1,4]
        lines[0].sku  =>>  "hat"
        lines[-1].qty  =>>  4
        lines[5]  =>>  undefined
        lines[0..1].qty  =>>  !S0202
        lines[[0..1]].qty  =>>  [2,1]
        lines.sku[0]  =>>  ["hat","cup","hat"]
        (lines.sku)[0]  =>>  "hat"
        (lines.sku)[-1]  =>>  "hat"
        lines[qty>1].price  =>>  [34.45,34.45]
        lines[qty>9].price  =>>  undefined
        lines[sku="cup"].qty  =>>  1
        lines[sku="hat"][1].qty  =>>  4
        one  =>>  [7]
        one[0]  =>>  7
        nest  =>>  [[1,2],[3]]
        nest[0]  =>>  [1,2]
        nest[0][1]  =>>  2
        nest.$  =>>  [1,2,3]
        who.*  =>>  ["Ann","Lee",28]
        *.first  =>>  "Ann"
        lines.*[0]  =>>  ["hat","cup","hat"]
        **.name  =>>  ["Bo","Al","Bo"]
        **.city[0]  =>>  ["Rome","Oslo","Rome"]
        who.**  =>>  [{"first":"Ann","last":"Lee","age":28},"Ann","Lee",28]
        empty  =>>  []
        nul  =>>  null
        nul.x  =>>  undefined
        yes  =>>  true
        lines.tags  =>>  ["a","b","b"]
        lines.tags[0]  =>>  ["a","b"]
        lines.maker.city  =>>  ["Rome","Oslo","Rome"]
        lines.maker.(name & "-" & city)  =>>  ["Bo-Rome","Al-Oslo","Bo-Rome"]
        lines[1].sku[]  =>>  ["cup"]
        lines.sku[]  =>>  ["hat","cup","hat"]
        one[]  =>>  [7]
        who.first[]  =>>  ["Ann"]
        lines[].qty  =>>  [2,1,4]
        lines[0][].qty  =>>  [2]
        who[].first  =>>  ["Ann"]
        none[]  =>>  undefined
        lines.`sku`  =>>  ["hat","cup","hat"]
        `who`.`first`  =>>  "Ann"
        "who"."first"  =>>  "Ann"
        $.id  =>>  "o1"
        $$.id  =>>  "o1"
        lines.$$.id  =>>  ["o1","o1","o1"]
        lines.($$.who.age + qty)  =>>  [30,29,32]
        lines[$$.yes].qty  =>>  [2,1,4]
        lines.(qty*price)  =>>  [68.9,21.67,137.8]
        $sum(lines.(qty*price))  =>>  228.37
        lines.{"k":sku,"v":qty}  =>>  [{"k":"hat","v":2},{"k":"cup","v":1},{"k":"hat","v":4}]
        lines.[sku,qty]  =>>  [["hat",2],["cup",1],["hat",4]]
        [lines.sku]  =>>  ["hat","cup","hat"]
        [lines.[sku]]  =>>  [["hat"],["cup"],["hat"]]
        [id, lines.qty]  =>>  ["o1",2,1,4]
        lines.qty^($)  =>>  [1,2,4]
        lines^(qty).qty  =>>  [1,2,4]
        lines^(>qty).qty  =>>  [4,2,1]
        lines^(sku,>qty).(sku & qty)  =>>  ["cup1","hat4","hat2"]
        lines^(>price,qty).qty  =>>  [2,4,1]
        lines^(none).qty  =>>  [2,1,4]
        lines{sku:qty}  =>>  {"hat":[2,4],"cup":1}
        lines{sku:$sum(qty)}  =>>  {"hat":6,"cup":1}
        lines{sku:{"n":$count($),"q":qty}}  =>>  {"hat":{"n":2,"q":[2,4]},"cup":{"n":1,"q":1}}
        lines{sku:maker.city}  =>>  {"hat":["Rome","Rome"],"cup":"Oslo"}
        {"a":1}{"b":2}  =>>  {"b":2}
        lines.{sku:qty}  =>>  [{"hat":2},{"cup":1},{"hat":4}]
        {sku:1}  =>>  {}
        {id:who.first}  =>>  {"o1":"Ann"}
        lines[0]{sku:qty}  =>>  {"hat":2}
        lines.maker{name:$count($)}  =>>  {"Bo":2,"Al":1}
        lines@$l.{"s":$l.sku,"id":id}  =>>  [{"s":"hat","id":"o1"},{"s":"cup","id":"o1"},{"s":"hat","id":"o1"}]
        lines#$i.{"i":$i,"s":sku}  =>>  [{"i":0,"s":"hat"},{"i":1,"s":"cup"},{"i":2,"s":"hat"}]
        lines#$i[$i>0].sku  =>>  ["cup","hat"]
        lines[qty>1]#$i.($i & sku)  =>>  ["0hat","1hat"]
        lines@$l.who[$l.qty>1].($l.sku & first)  =>>  ["hatAnn","hatAnn"]
        lines@$l#$i.[$i,$l.qty]  =>>  [0,2,1,1,2,4]
        lines.sku#$i[$i=1]  =>>  undefined
        lines#$i[0].$i  =>>  0
        lines.maker.(%.sku & name)  =>>  ["hatBo","cupAl","hatBo"]
        lines.maker.name.(%.%.qty)  =>>  [2,1,4]
        lines.tags.{"t":$,"s":%.sku}  =>>  [{"t":"a","s":"hat"},{"t":"b","s":"hat"},{"t":"b","s":"cup"}]
        lines.maker[%.qty>1].name  =>>  ["Bo","Bo"]
        lines.maker.%.sku  =>>  ["hat","cup","hat"]
        lines.maker.city.{"c":$,"q":%.%.qty}  =>>  [{"c":"Rome","q":2},{"c":"Oslo","q":1},{"c":"Rome","q":4}]
        %.x  =>>  !S0217
        lines.maker^(%.qty).name  =>>  ["Al","Bo","Bo"]
        lines@$l.lines@$m[$l.maker.name=$m.maker.name and $l.qty<$m.qty].($l.qty & $m.qty)  =>>  "24"
        lines^(qty)#$i.($i & ":" & qty)  =>>  ["0:1","1:2","2:4"]
        lines#$i^(>qty).($i & ":" & qty)  =>>  ["2:4","0:2","1:1"]
        1+2  =>>  3
        5-7  =>>  -2
        3*4  =>>  12
        7/2  =>>  3.5
        6/2  =>>  3
        7%3  =>>  1
        -7%3  =>>  -1
        2+3*4  =>>  14
        (2+3)*4  =>>  20
        -5  =>>  -5
        -who.age  =>>  -28
        - -1  =>>  1
        1.5+2.25  =>>  3.75
        0.1+0.2  =>>  0.30000000000000004
        1e3  =>>  1000
        1e-7  =>>  1e-07
        1e21  =>>  1e+21
        123456789012345678  =>>  123456789012345680
        who.age+1  =>>  29
        none+1  =>>  undefined
        1+none  =>>  undefined
        -none  =>>  undefined
        "1"+1  =>>  !T2001
        1+"1"  =>>  !T2002
        nul+1  =>>  !T2001
        1-yes  =>>  !T2002
        yes*2  =>>  !T2001
        -"a"  =>>  !D1002
        -[1]  =>>  !D1002
        1/3  =>>  0.3333333333333333
        10%0.3  =>>  0.10000000000000037
        1=1  =>>  true
        1=1.0  =>>  true
        "a"="a"  =>>  true
        "a"="b"  =>>  false
        1="1"  =>>  false
        [1,2]=[1,2]  =>>  true
        [1,2]=[2,1]  =>>  false
        {"a":1}={"a":1}  =>>  true
        {"a":1,"b":2}={"b":2,"a":1}  =>>  true
        none=1  =>>  false
        none!=1  =>>  false
        none=none  =>>  false
        null=null  =>>  true
        nul=null  =>>  true
        1!=2  =>>  true
        1!=1  =>>  false
        "a"!="a"  =>>  false
        1<2  =>>  true
        2<1  =>>  false
        2<=2  =>>  true
        "a"<"b"  =>>  true
        "a">"b"  =>>  false
        "b">="b"  =>>  true
        3>=4  =>>  false
        1<none  =>>  undefined
        none>"a"  =>>  undefined
        1<"a"  =>>  !T2009
        "a">1  =>>  !T2009
        yes<1  =>>  !T2010
        1>null  =>>  !T2010
        [1]<2  =>>  !T2010
        true and false  =>>  false
        true and 1  =>>  true
        0 or ""  =>>  false
        none or true  =>>  true
        none and true  =>>  false
        "a" and [0]  =>>  false
        [1] or false  =>>  true
        [] or {}  =>>  false
        "a"&"b"  =>>  "ab"
        "a"&1  =>>  "a1"
        "a"&none  =>>  "a"
        none&none  =>>  ""
        1&2  =>>  "12"
        true&null  =>>  "truenull"
        "x"&[1,2]  =>>  "x[1,2]"
        "x"&{"a":1.0}  =>>  "x{\"a\":1}"
        1 in [1,2]  =>>  true
        3 in [1,2]  =>>  false
        "a" in "a"  =>>  true
        1 in 1  =>>  true
        none in [1]  =>>  false
        1 in none  =>>  false
        {"a":1} in [{"a":1}]  =>>  true
        [1..5]  =>>  [1,2,3,4,5]
        [5..1]  =>>  []
        [1..1]  =>>  [1]
        [0..-1]  =>>  []
        [-2..2]  =>>  [-2,-1,0,1,2]
        [1..3,7..9]  =>>  [1,2,3,7,8,9]
        [1..none]  =>>  []
        [none..2]  =>>  []
        [1.5..3]  =>>  !T2003
        [1.."a"]  =>>  !T2004
        ["a"..3]  =>>  !T2003
        [1..3].($*2)  =>>  [2,4,6]
        [1,[2,3]]  =>>  [1,[2,3]]
        [1,none,2]  =>>  [1,2]
        []  =>>  []
        [[]]  =>>  [[]]
        [[1]]  =>>  [[1]]
        [1,null]  =>>  [1,null]
        {}  =>>  {}
        {"a":none}  =>>  {}
        {"a":1,"a":2}  =>>  !D1009
        {"a":[]}  =>>  {"a":[]}
        {1:2}  =>>  !T1003
        {none:1}  =>>  {}
        true?1:2  =>>  1
        false?1:2  =>>  2
        false?1  =>>  undefined
        none?1:2  =>>  2
        []?1:2  =>>  2
        [0]?1:2  =>>  2
        [1]?1:2  =>>  1
        {}?1:2  =>>  2
        ""?1:2  =>>  2
        "0"?1:2  =>>  1
        0?1:2  =>>  2
        true?false?1:2:3  =>>  2
        (1;2;3)  =>>  3
        ()  =>>  undefined
        ($a:=1;$b:=$a+1;$b)  =>>  2
        ($a:=1;($a:=2;$a);$a)  =>>  1
        ($x:=lines;$x[0].qty)  =>>  2
        $a:=5  =>>  5
        $undef  =>>  undefined
        ($f:=function($x){$x+1};$f(2))  =>>  3
        (function($x,$y){$x&$y})("a","b")  =>>  "ab"
        function($x){$x*2}(4)  =>>  8
        λ($x){$x}(3)  =>>  3
        ($f:=function($n){$n<=1?1:$n*$f($n-1)};$f(10))  =>>  3628800
        ($e:=function($n){$n=0?true:$o($n-1)};$o:=function($n){$n=0?false:$e($n-1)};$e(101))  =>>  false
        ($mk:=function($n){function($x){$x+$n}};$mk(3)(4))  =>>  7
        ($add:=function($a,$b){$a+$b};$inc:=$add(?,1);$inc(5))  =>>  6
        ($f:=$substring(?,0,2);$f("hello"))  =>>  "he"
        ($f:=$substring(?,1,?);$f("hello",3))  =>>  "ell"
        5~>$string  =>>  "5"
        "a"~>$uppercase()  =>>  "A"
        "abc"~>$substring(1)~>$uppercase  =>>  "BC"
        ($g:=$trim~>$uppercase;$g("  q "))  =>>  "Q"
        5~>4  =>>  !T2006
        none~>$string  =>>  undefined
        [1..4]~>$sum  =>>  10
        lines.qty~>$map(function($v){$v*2})~>$sum()  =>>  14
        $notfun(1)  =>>  !T1006
        foo(1)  =>>  !T1006
        sum(1)  =>>  !T1005
        $sum(?)("a")  =>>  !T0412
        foo(?)  =>>  !T1008
        "s"(1)  =>>  !T1006
        ($f:=function($x)<n:n>{$x*2};$f(3))  =>>  6
        ($f:=function($x)<n:n>{$x*2};$f("3"))  =>>  !T0410
        ($f:=function($x)<s-:s>{$x};"q".$f())  =>>  undefined
        ($f:=function($a,$b)<nn?:n>{$exists($b)?$b:$a};[$f(1),$f(1,2)])  =>>  [1,2]
        ($f:=function($a)<a<n>:n>{$sum($a)};$f([1,2]))  =>>  3
        ($f:=function($a)<a<n>:n>{$sum($a)};$f(["a"]))  =>>  !T0412
        ($f:=function($a)<(ns):s>{$string($a)};[$f(1),$f("b")])  =>>  ["1","b"]
        ($f:=function($a)<(ns):s>{$string($a)};$f(true))  =>>  !T0410
        $ ~> |who|{"age":age+1}|  =>>  {"id":"o1","lines":[{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{
           | "name":"Bo","city":"Rome"}},{"sku":"cup","qty":1,"price":21.67,"tags":["b"],"maker":{"name":"Al","city":"O
           | slo"}},{"sku":"hat","qty":4,"price":34.45,"tags":[],"maker":{"name":"Bo","city":"Rome"}}],"who":{"first":"
           | Ann","last":"Lee","age":29},"empty":[],"nul":null,"yes":true,"one":[7],"nest":[[1,2],[3]],"text":"Hello Wo
           | rld"}
        $ ~> |who|{},"age"|  =>>  {"id":"o1","lines":[{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{"name
           | ":"Bo","city":"Rome"}},{"sku":"cup","qty":1,"price":21.67,"tags":["b"],"maker":{"name":"Al","city":"Oslo"}
           | },{"sku":"hat","qty":4,"price":34.45,"tags":[],"maker":{"name":"Bo","city":"Rome"}}],"who":{"first":"Ann",
           | "last":"Lee"},"empty":[],"nul":null,"yes":true,"one":[7],"nest":[[1,2],[3]],"text":"Hello World"}
        $ ~> |lines|{"tot":qty*price},["tags","maker"]| ~> $lookup("lines")  =>>  [{"sku":"hat","qty":2,"price":34.45,"t
           | ot":68.9},{"sku":"cup","qty":1,"price":21.67,"tot":21.67},{"sku":"hat","qty":4,"price":34.45,"tot":137.8}]
        $ ~> |lines|5|  =>>  !T2011
        $ ~> |lines|{},5|  =>>  !T2012
        who ~> |$|{"x":1}|  =>>  {"first":"Ann","last":"Lee","age":28,"x":1}
        none ~> |$|{"x":1}|  =>>  undefined
        1 /* c */ + 2  =>>  3
        "a\nb"  =>>  "a\nb"
        "\u0041"  =>>  "A"
        'it"s'  =>>  "it\"s"
        "\x"  =>>  !S0103
        "\u00g0"  =>>  !S0104
        1+  =>>  !S0207
        (1  =>>  !S0203
        [1  =>>  !S0203
        {"a":  =>>  !S0203
        a.  =>>  !S0207
        "abc  =>>  !S0101
        `abc  =>>  !S0105
        /* x  =>>  !S0106
        1 2  =>>  !S0201
        a[  =>>  !S0203
        a]  =>>  !S0201
        @  =>>  !S0211
        a@1  =>>  !S0214
        a#1  =>>  !S0214
        1:=2  =>>  !S0212
        a:=2  =>>  !S0212
        function(1){2}  =>>  !S0208
        function($a){  =>>  !S0203
        $x[0  =>>  !S0203
        a.1  =>>  !S0213
        1.a  =>>  !S0213
        a^b  =>>  !S0202
        a[0]@$x.b  =>>  !S0215
        a^(b)@$x  =>>  !S0216
        {1,2}  =>>  !S0202
        ? 1  =>>  !S0211
        a b  =>>  !S0201
        /a  =>>  !S0302
        //  =>>  !S0301
        /(/  =>>  !S0302
        !1  =>>  !S0204
        a ! b  =>>  !S0204
        ~ 1  =>>  !S0204
        "\u12"  =>>  !S0104
        a[1]{"x":1}[0]  =>>  {"x":1}
        function($x)<n<s>>{1}  =>>  !S0401
        function($x)<(a<n>s)>{1}  =>>  !S0402
        %  =>>  !S0217
        .a  =>>  !S0211
        a..b  =>>  !S0201
        |a|b  =>>  !S0203
          =>>  !S0207
        )  =>>  !S0211
        a{b  =>>  !S0203
        a{b:1}{c:2}  =>>  !S0210
        λ($x){$x  =>>  !S0203
        $a.$b:=1  =>>  !S0212
        $string(5)  =>>  "5"
        $string(1.5)  =>>  "1.5"
        $string("x")  =>>  "x"
        $string([1,"a"])  =>>  "[1,\"a\"]"
        $string({"a":[1,2]})  =>>  "{\"a\":[1,2]}"
        $string({"a":1},true)  =>>  "{\n  \"a\": 1\n}"
        $string([1,[2]],true)  =>>  "[\n  1,\n  [\n    2\n  ]\n]"
        $string(none)  =>>  undefined
        $string(null)  =>>  "null"
        $string(true)  =>>  "true"
        $string($sum)  =>>  ""
        $string()  =>>  "{\"id\":\"o1\",\"lines\":[{\"sku\":\"hat\",\"qty\":2,\"price\":34.45,\"tags\":[\"a\",\"b\"],\"m
           | aker\":{\"name\":\"Bo\",\"city\":\"Rome\"}},{\"sku\":\"cup\",\"qty\":1,\"price\":21.67,\"tags\":[\"b\"],\"
           | maker\":{\"name\":\"Al\",\"city\":\"Oslo\"}},{\"sku\":\"hat\",\"qty\":4,\"price\":34.45,\"tags\":[],\"make
           | r\":{\"name\":\"Bo\",\"city\":\"Rome\"}}],\"who\":{\"first\":\"Ann\",\"last\":\"Lee\",\"age\":28},\"empty\
           | ":[],\"nul\":null,\"yes\":true,\"one\":[7],\"nest\":[[1,2],[3]],\"text\":\"Hello World\"}"
        $string(1,2)  =>>  !T0410
        $string(0.1+0.2)  =>>  "0.3"
        $string(1e100)  =>>  "1e+100"
        $string(1e-10)  =>>  "1e-10"
        $string(1/3)  =>>  "0.333333333333333"
        $string([1/3])  =>>  "[0.333333333333333]"
        $string({"f":$sum,"g":1})  =>>  "{\"f\":\"\",\"g\":1}"
        $string(-0)  =>>  "0"
        $string(100000000000000000000)  =>>  "100000000000000000000"
        $length("")  =>>  0
        $length("abc")  =>>  3
        $length("aé😀")  =>>  3
        $length(5)  =>>  !T0410
        $length(none)  =>>  undefined
        text.$length()  =>>  11
        $length()  =>>  !T0411
        $substring("hello",1)  =>>  "ello"
        $substring("hello",1,2)  =>>  "el"
        $substring("hello",-3)  =>>  "llo"
        $substring("hello",-3,2)  =>>  "ll"
        $substring("hello",9)  =>>  ""
        $substring("hello",0,0)  =>>  ""
        $substring("hello",1,-1)  =>>  ""
        $substring("hello",-9,2)  =>>  "he"
        $substring("h😀llo",1,2)  =>>  "😀l"
        $substring(none,1)  =>>  undefined
        $substring("a","b")  =>>  !T0410
        $substring("hello",1.9)  =>>  "ello"
        text.$substring(6)  =>>  "World"
        $substringBefore("a-b-c","-")  =>>  "a"
        $substringBefore("abc","-")  =>>  "abc"
        $substringAfter("a-b-c","-")  =>>  "b-c"
        $substringAfter("abc","-")  =>>  "abc"
        $substringAfter("abc","")  =>>  "abc"
        $substringBefore(none,"a")  =>>  undefined
        $substringBefore(1,"a")  =>>  !T0410
        text.$substringBefore(" ")  =>>  "Hello"
        $uppercase("aé")  =>>  "AÉ"
        $uppercase(1)  =>>  !T0410
        $uppercase(none)  =>>  undefined
        $lowercase("AÉ")  =>>  "aé"
        $lowercase([])  =>>  !T0410
        text.$uppercase()  =>>  "HELLO WORLD"
        lines.sku.$uppercase()  =>>  ["HAT","CUP","HAT"]
        $trim("  a \n b  ")  =>>  "a b"
        $trim("")  =>>  ""
        $trim(none)  =>>  undefined
        $trim(1)  =>>  !T0410
        $pad("a",3)  =>>  "a  "
        $pad("a",-3)  =>>  "  a"
        $pad("a",5,"xy")  =>>  "axyxy"
        $pad("a",-5,"xy")  =>>  "xyxya"
        $pad("abc",2)  =>>  "abc"
        $pad("a",3,"")  =>>  "a  "
        $pad(none,3)  =>>  undefined
        $pad("a","b")  =>>  !T0410
        $contains("abc","b")  =>>  true
        $contains("abc","z")  =>>  false
        $contains("abc",/B/i)  =>>  true
        $contains("abc",/z/)  =>>  false
        $contains(none,"a")  =>>  undefined
        $contains("abc",1)  =>>  !T0410
        text.$contains("World")  =>>  true
        $split("a,b,c",",")  =>>  ["a","b","c"]
        $split("a,b,c",",",2)  =>>  ["a","b"]
        $split("a,b,c",",",0)  =>>  []
        $split("abc","")  =>>  ["a","b","c"]
        $split("a1b22c",/\d+/)  =>>  ["a","b","c"]
        $split("a1b22c",/\d+/,1)  =>>  ["a"]
        $split("a","z")  =>>  ["a"]
        $split(none,",")  =>>  undefined
        $split("a,b",",",-1)  =>>  !D3020
        $split("a,b",1)  =>>  !T0411
        $split("",",")  =>>  [""]
        $split("a  b"," ")  =>>  ["a","","b"]
        $join(["a","b"])  =>>  "ab"
        $join(["a","b"],"-")  =>>  "a-b"
        $join("a")  =>>  "a"
        $join([])  =>>  ""
        $join(none)  =>>  undefined
        $join([1,2])  =>>  !T0412
        $join(["a",null])  =>>  !T0412
        lines.sku~>$join("+")  =>>  "hat+cup+hat"
        $match("ab1cd22",/[a-z]+/)  =>>  [{"match":"ab","index":0,"groups":[]},{"match":"cd","index":3,"groups":[]}]
        $match("ab1cd22",/([a-z])(\d)/)  =>>  [{"match":"b1","index":1,"groups":["b","1"]},{"match":"d2","index":4,"grou
           | ps":["d","2"]}]
        $match("xyz",/q/)  =>>  undefined
        $match("aaa",/a/,2)  =>>  [{"match":"a","index":0,"groups":[]},{"match":"a","index":1,"groups":[]}]
        $match("aaa",/a/,0)  =>>  undefined
        $match("aaa",/a/,-1)  =>>  !D3040
        $match(none,/a/)  =>>  undefined
        $match("a",1)  =>>  !T0410
        $match("ab",/(a)|(b)/)  =>>  [{"match":"a","index":0,"groups":["a",null]},{"match":"b","index":1,"groups":[null,
           | "b"]}]
        $match("abc",/x*/)  =>>  !D1004
        $match("a😀b",/b/)  =>>  {"match":"b","index":3,"groups":[]}
        $replace("abcb","b","X")  =>>  "aXcX"
        $replace("abcb","b","X",1)  =>>  "aXcb"
        $replace("abcb","b","X",0)  =>>  "abcb"
        $replace("abcb","b","X",-1)  =>>  !D3011
        $replace("abc","","X")  =>>  !D3010
        """#
}
