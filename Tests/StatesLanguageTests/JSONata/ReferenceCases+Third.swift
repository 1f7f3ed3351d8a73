extension ReferenceCases {
    static let third = #"""
        a.b[].c  =>>  undefined
        who.none[]  =>>  undefined
        $x[]  =>>  undefined
        (lines.sku)[]  =>>  ["hat","cup","hat"]
        $map([1],function($v){$v})[]  =>>  [1]
        [lines].sku  =>>  ["hat","cup","hat"]
        {"a":[1,2]}.a[0]  =>>  1
        {"a":{"b":[{"c":1},{"c":2}]}}.a.b.c  =>>  [1,2]
        nest[0].$  =>>  [1,2]
        nest.$[0]  =>>  [1,3]
        nest[[0,1]]  =>>  [[1,2],[3]]
        nest[1][0]  =>>  3
        lines.[sku]  =>>  [["hat"],["cup"],["hat"]]
        lines.[sku][0]  =>>  ["hat","cup","hat"]
        [lines.sku][0]  =>>  "hat"
        lines.[sku].$  =>>  [["hat"],["cup"],["hat"]]
        [1,2].[$]  =>>  [[1],[2]]
        [[1,2],[3]].$  =>>  [1,2,3]
        [1,2,3][0]  =>>  1
        [1..5][$>2]  =>>  [3,4,5]
        [1..5][[1,2]]  =>>  [2,3]
        ["a","b"].{"k":$}  =>>  [{"k":"a"},{"k":"b"}]
        [{"a":1},{"a":2}].a  =>>  [1,2]
        [{"a":[1,2]},{"a":[3]}].a  =>>  [1,2,3]
        [[{"a":1}],[{"a":2}]].a  =>>  [1,2]
        [[1]].$  =>>  [1]
        [[[1]]]  =>>  [[[1]]]
        [[]].$  =>>  []
        [[],[1]].$  =>>  1
        {"a":[[1,2]]}.a  =>>  [[1,2]]
        {"a":[]}.a  =>>  []
        {"a":[1]}.a  =>>  [1]
        {"a":[1]}.a.$  =>>  1
        [1][]  =>>  [1]
        [[1]][0]  =>>  [1]
        lines.tags[0]  =>>  ["a","b"]
        lines[0].tags[1]  =>>  "b"
        lines.(tags[0])  =>>  ["a","b"]
        (lines.tags)[0]  =>>  "a"
        lines[tags].sku  =>>  ["hat","cup"]
        lines["a" in tags].sku  =>>  "hat"
        lines[$count(tags)=0].sku  =>>  "hat"
        lines[[0,2]].sku  =>>  ["hat","hat"]
        lines[[2,0]].sku  =>>  ["hat","hat"]
        lines[-5]  =>>  undefined
        lines[1.9].sku  =>>  "cup"
        lines["x"].sku  =>>  ["hat","cup","hat"]
        lines[true].sku  =>>  ["hat","cup","hat"]
        lines[false]  =>>  undefined
        lines[null]  =>>  undefined
        lines[sku].sku  =>>  ["hat","cup","hat"]
        lines[maker.city="Rome"][0].qty  =>>  2
        lines[0]["sku"]  =>>  {"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{"name":"Bo","city":"Rome"}}
        lines.price[$>30]  =>>  [34.45,34.45]
        one[$=7]  =>>  7
        empty[0]  =>>  undefined
        text[0]  =>>  "Hello World"
        text[1]  =>>  undefined
        who[0].first  =>>  "Ann"
        who[1]  =>>  undefined
        5[0]  =>>  5
        5[1]  =>>  undefined
        "s"[0]  =>>  "s"
        true[0]  =>>  true
        lines.sku.$length()  =>>  [3,3,3]
        lines.$string(qty)  =>>  ["2","1","4"]
        lines.price.$round()  =>>  [34,22,34]
        who.$keys()  =>>  ["first","last","age"]
        lines.$merge([$,{"z":1}]).z  =>>  [1,1,1]
        "abc".$substring(1)  =>>  undefined
        lines.maker.$lookup($,"city")  =>>  ["Rome","Oslo","Rome"]
        $string(lines.qty)  =>>  "[2,1,4]"
        $sum(lines.qty)~>$string  =>>  "7"
        lines~>$filter(function($l){$l.qty>1})~>$count  =>>  2
        lines.qty~>$sort(function($a,$b){$a<$b})  =>>  [4,2,1]
        lines~>$map(function($l){$l.qty})~>$sum~>$string  =>>  "7"
        5~>function($x){$x+1}  =>>  6
        ($d:=function($x){$x*2};5~>$d~>$d)  =>>  20
        ($d:=function($x){$x*2};$q:=$d~>$d;$q(5))  =>>  20
        who~>$keys~>$join("-")  =>>  "first-last-age"
        lines.sku~>$distinct()~>$count()  =>>  2
        [1,2,3]~>$map($string)  =>>  ["1","2","3"]
        "a,b"~>$split(",")~>$reverse  =>>  ["b","a"]
        null.a  =>>  !S0213
        $exists(null)  =>>  true
        null&"x"  =>>  "nullx"
        $string([null])  =>>  "[null]"
        [null].a  =>>  undefined
        $string(123456789.123456789)  =>>  "123456789.123457"
        $string(1e-5)  =>>  "0.00001"
        0.1+0.7  =>>  0.7999999999999999
        1e-6  =>>  1e-06
        5e-324  =>>  5e-324
        $string(0.000001)  =>>  "0.000001"
        -0  =>>  0
        0*-1  =>>  0
        $string(-1.50)  =>>  "-1.5"
        1.0  =>>  1
        100.50  =>>  100.5
        2.50*2  =>>  5
        1e15+0.5  =>>  1000000000000000.5
        $string(1.5e300)  =>>  "1.5e+300"
        0.1*3  =>>  0.30000000000000004
        1-0.9  =>>  0.09999999999999998
        1e16  =>>  10000000000000000
        1e17  =>>  100000000000000000
        $string(0.1234567890123456789)  =>>  "0.123456789012346"
        $sum(1,2)  =>>  !T0410
        $substring()  =>>  !T0410
        $map()  =>>  !T0410
        $string(1,2,3)  =>>  !T0410
        lines[sku>1]  =>>  !T2009
        lines^(maker)  =>>  !T2008
        lines^(tags)  =>>  !T2008
        [1,"a"]^($)  =>>  !T2007
        {"a":1}+1  =>>  !T2001
        $x()  =>>  !T1006
        a()  =>>  !T1006
        who()  =>>  !T1006
        $uppercase(who)  =>>  !T0410
        $number({})  =>>  !T0410
        $join(["a",["b"]])  =>>  !T0412
        $keys()  =>>  ["id","lines","who","empty","nul","yes","one","nest","text"]
        lines{qty:1}  =>>  !T1003
        {"a":1}{a:1}  =>>  !T1003
        $split("a")  =>>  !T0411
        $length(1,2)  =>>  !T0410
        $not()  =>>  false
        $filter([1])  =>>  !T0410
        $reduce([1,2])  =>>  !T0410
        $sort([1,2],"a")  =>>  !T0410
        $zip("a")  =>>  [["a"]]
        $pad("a")  =>>  !T0410
        $round("1")  =>>  !T0410
        $power(1)  =>>  !T0411
        $formatNumber(1)  =>>  !T0410
        $toMillis()  =>>  !T0411
        $sift({"a":1},1)  =>>  !T0410
        $each({"a":1},1)  =>>  !T0410
        $merge(["a"])  =>>  !T0412
        $spread(1)  =>>  1
        $lookup({"a":1})  =>>  !T0410
        $replace("a","b")  =>>  !T0411
        $contains("a")  =>>  !T0411
        $match("a")  =>>  !T0410
        $match("a","b")  =>>  !T0410
        $base64encode(1)  =>>  !T0410
        $boolean()  =>>  true
        $append()  =>>  !T0410
        $exists(none.x)  =>>  false
        $abs()  =>>  !T0411
        who.$abs()  =>>  !T0411
        lines.$uppercase()  =>>  !T0411
        $average("x")  =>>  !T0412
        $max(lines)  =>>  !T0412
        $count(lines,1)  =>>  !T0410
        $distinct()  =>>  !T0410
        $reverse()  =>>  !T0410
        $error(5)  =>>  !T0410
        $assert()  =>>  !T0410
        $assert(1)  =>>  !T0410
        $single()  =>>  !T0410
        $formatBase()  =>>  !T0411
        $formatInteger(1)  =>>  !T0410
        $parseInteger("1")  =>>  !T0411
        function(){1}()  =>>  1
        function($x){$x}()  =>>  undefined
        function($x){$x}(1,2)  =>>  1
        function($x,$y){$y}(1)  =>>  undefined
        ($x:=1;$f:=function(){$x};$x:=2;$f())  =>>  2
        ($fs:=$map([1,2],function($v){function(){$v}});$map($fs,function($f){$f()}))  =>>  [1,2]
        ($f:=function($x)<a:n>{$count($x)};$f(5))  =>>  1
        ($f:=function($x)<x>{$x};$f("q"))  =>>  "q"
        ($f:=function($x)<b?>{$x};$f())  =>>  undefined
        ($f:=function($x)<o>{$x.a};$f({"a":1}))  =>>  1
        ($f:=function($g)<f>{$g(1)};$f(function($x){$x+1}))  =>>  2
        ($f:=function($g)<f<n:n>>{$g(1)};$f($string))  =>>  "1"
        ($f:=function($x)<n+>{$x};$f(1,2))  =>>  1
        ($f:=function($x)<j>{$x};$f([1]))  =>>  [1]
        ($f:=function($x,$y)<s-n?>{$x&$y};"a".$f(1))  =>>  undefined
        ($f:=function($x)<a<s>>{$x};$f("a"))  =>>  ["a"]
        ($f:=function($x)<a<s>>{$x};$f([]))  =>>  []
        ($f:=function($x)<a<s>>{$x};$f(["a",1]))  =>>  !T0412
        ($f:=function($x)<o>{$x};$f(1))  =>>  !T0410
        ($f:=function($x,$y)<n?s>{$y};$f("a"))  =>>  undefined
        ($f:=function($x)<s>{$x};$f())  =>>  !T0410
        $filter(lines,function($l){$l.qty>1}).sku  =>>  ["hat","hat"]
        $map(lines,function($l,$i){$i & $l.sku})  =>>  ["0hat","1cup","2hat"]
        $reduce(lines.qty,function($p,$q){$p*$q})  =>>  8
        $each(who,function($v,$k){$k & "=" & $v})  =>>  ["first=Ann","last=Lee","age=28"]
        $sift(who,function($v,$k){$k~>/^f|l/})  =>>  {"first":"Ann","last":"Lee"}
        ($a:=[1,2,3];$a[1])  =>>  2
        ($o:={"k":{"v":9}};$o.k.v)  =>>  9
        ($f:=function($x){$x.qty};lines.$f($))  =>>  [2,1,4]
        lines.(qty>1?sku)  =>>  ["hat","hat"]
        lines.(qty;sku)  =>>  ["hat","cup","hat"]
        lines.($q:=qty;$q*2)  =>>  [4,2,8]
        $a:=1;2  =>>  !S0201
        ($a:=1;$b:=2;$a+$b)  =>>  3
        ($f:=function($n){$n<2?$n:$f($n-1)+$f($n-2)};$map([0..10],$f))  =>>  [0,1,1,2,3,5,8,13,21,34,55]
        ($Y:=function($f){$f($f)};$Y(function($s){5}))  =>>  5
        ($c:=function($a,$b,$c){$a&$b&$c};$d:=$c(?,"-",?);$d(1,2))  =>>  "1-2"
        $string(function($x){$x})  =>>  ""
        [$sum,1][1]  =>>  1
        {"f":$sum}.f([1,2])  =>>  3
        ($o:={"f":function($x){$x+1}};$o.f(2))  =>>  3
        $type($uppercase(?))  =>>  "function"
        $type(function($x){$x})  =>>  "function"
        $boolean(function(){1})  =>>  false
        $count([$sum])  =>>  1
        $sum=$sum  =>>  true
        $exists($sum)  =>>  true
        $not($sum)  =>>  true
        $string({"a":$sum})  =>>  "{\"a\":\"\"}"
        /ab/("xaby").match  =>>  "ab"
        /ab/("xaby").[start,end]  =>>  [1,3]
        /q/("abc")  =>>  undefined
        $type(/a/("a"))  =>>  "object"
        lines^(>sku,>qty).(sku&qty)  =>>  ["hat4","hat2","cup1"]
        lines^(maker.city,qty).qty  =>>  [1,2,4]
        lines^(-qty).qty  =>>  [4,2,1]
        lines^($length(sku),<qty)[0].qty  =>>  1
        lines^(tags[0]).sku  =>>  ["hat","cup","hat"]
        lines^(>tags[0]).sku  =>>  ["cup","hat","hat"]
        ["b","a","C"]^($)  =>>  ["C","a","b"]
        ["b","a","C"]^($lowercase($))  =>>  ["a","b","C"]
        [3,1,2]^(>$)  =>>  [3,2,1]
        []^($)  =>>  undefined
        5^($)  =>>  5
        none^($)  =>>  undefined
        lines.qty^(>$)[0]  =>>  4
        lines^(qty)[0].sku  =>>  "cup"
        lines[0]^(qty).sku  =>>  "hat"
        $sort(lines^(qty).sku)  =>>  ["cup","hat","hat"]
        *  =>>  ["o1",{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{"name":"Bo","city":"Rome"}},{"sku":"c
           | up","qty":1,"price":21.67,"tags":["b"],"maker":{"name":"Al","city":"Oslo"}},{"sku":"hat","qty":4,"price":3
           | 4.45,"tags":[],"maker":{"name":"Bo","city":"Rome"}},{"first":"Ann","last":"Lee","age":28},null,true,7,1,2,
           | 3,"Hello World"]
        *.*  =>>  ["hat",2,34.45,"a","b",{"name":"Bo","city":"Rome"},"cup",1,21.67,"b",{"name":"Al","city":"Oslo"},"hat"
           | ,4,34.45,{"name":"Bo","city":"Rome"},"Ann","Lee",28]
        who.*[0]  =>>  "Ann"
        lines.*  =>>  ["hat",2,34.45,"a","b",{"name":"Bo","city":"Rome"},"cup",1,21.67,"b",{"name":"Al","city":"Oslo"},"
           | hat",4,34.45,{"name":"Bo","city":"Rome"}]
        lines.*.name  =>>  ["Bo","Al","Bo"]
        **[sku].qty  =>>  [2,1,4]
        **.qty  =>>  [2,1,4]
        who.**.first  =>>  "Ann"
        lines.**.city  =>>  ["Rome","Oslo","Rome"]
        *[0]  =>>  "o1"
        **[0]  =>>  {"id":"o1","lines":[{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{"name":"Bo","city":
           | "Rome"}},{"sku":"cup","qty":1,"price":21.67,"tags":["b"],"maker":{"name":"Al","city":"Oslo"}},{"sku":"hat"
           | ,"qty":4,"price":34.45,"tags":[],"maker":{"name":"Bo","city":"Rome"}}],"who":{"first":"Ann","last":"Lee","
           | age":28},"empty":[],"nul":null,"yes":true,"one":[7],"nest":[[1,2],[3]],"text":"Hello World"}
        $count(**)  =>>  37
        $count(*)  =>>  12
        lines{sku:$}  =>>  {"hat":[{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{"name":"Bo","city":"Rome
           | "}},{"sku":"hat","qty":4,"price":34.45,"tags":[],"maker":{"name":"Bo","city":"Rome"}}],"cup":{"sku":"cup",
           | "qty":1,"price":21.67,"tags":["b"],"maker":{"name":"Al","city":"Oslo"}}}
        lines{sku:qty[]}  =>>  {"hat":[2,4],"cup":[1]}
        lines{sku:{"t":tags}}  =>>  {"hat":{"t":["a","b"]},"cup":{"t":["b"]}}
        lines.tags{$:$count($)}  =>>  {"a":1,"b":2}
        lines@$l{$l.sku:$l.qty}  =>>  {"hat":[2,4],"cup":1}
        lines#$i{sku:$i}  =>>  {"hat":[0,2],"cup":1}
        lines{maker.city:$sum(qty*price)}  =>>  !T2001
        lines.{maker.name:qty}  =>>  [{"Bo":2},{"Al":1},{"Bo":4}]
        $merge(lines.{sku:qty})  =>>  {"hat":4,"cup":1}
        lines{sku:none}  =>>  {}
        lines{"a"&sku:qty}  =>>  {"ahat":[2,4],"acup":1}
        none{"a":1}  =>>  {"a":1}
        lines[0]{"a":$}  =>>  {"a":{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{"name":"Bo","city":"Rome
           | "}}}
        {"x":lines{sku:qty}}  =>>  {"x":{"hat":[2,4],"cup":1}}
        lines{sku:qty,maker.name:1}  =>>  {"hat":[2,4],"Bo":1,"cup":1,"Al":1}
        lines{sku:qty}.hat  =>>  {}
        (lines{sku:qty}).hat  =>>  [2,4]
        $keys(lines{sku:qty})  =>>  ["hat","cup"]
        lines{sku:$count($)}~>$keys  =>>  ["hat","cup"]
        $each(lines{sku:$sum(qty)},function($v,$k){{"k":$k,"v":$v}})  =>>  [{"k":"hat","v":6},{"k":"cup","v":1}]
        $ ~> |lines[qty>1]|{"big":true}|  =>>  {"id":"o1","lines":[{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"
           | maker":{"name":"Bo","city":"Rome"},"big":true},{"sku":"cup","qty":1,"price":21.67,"tags":["b"],"maker":{"n
           | ame":"Al","city":"Oslo"}},{"sku":"hat","qty":4,"price":34.45,"tags":[],"maker":{"name":"Bo","city":"Rome"}
           | ,"big":true}],"who":{"first":"Ann","last":"Lee","age":28},"empty":[],"nul":null,"yes":true,"one":[7],"nest
           | ":[[1,2],[3]],"text":"Hello World"}
        ($ ~> |lines|{"qty":qty+1}|).lines.qty  =>>  [3,2,5]
        ($ ~> |who|{},["age","last"]|).who  =>>  {"first":"Ann"}
        ($ ~> |**[city]|{"c":1}|).lines.maker.c  =>>  [1,1,1]
        $map(lines,|$|{"z":1}|).z  =>>  [1,1,1]
        ($t:=|$|{"n":1},"sku"|;lines~>$t).sku  =>>  undefined
        who ~> |$|null|  =>>  !T2011
        who ~> |$|[]|  =>>  !T2011
        who ~> |$|{},null|  =>>  !T2012
        (who ~> |$|{"me":$}|).me.first  =>>  "Ann"
        $ ~> |none|{"a":1}| ~> $keys ~> $count  =>>  9
        "a" < "B"  =>>  false
        "" < "a"  =>>  true
        "é" > "z"  =>>  true
        "10" < "9"  =>>  true
        1 = true  =>>  false
        null = false  =>>  false
        [] = []  =>>  true
        {} = {}  =>>  true
        [[1]] = [[1]]  =>>  true
        [1] = 1  =>>  false
        {"a":[1,{"b":2}]}={"a":[1,{"b":2}]}  =>>  true
        not  =>>  undefined
        and  =>>  undefined
        or  =>>  undefined
        in  =>>  undefined
        and and and  =>>  false
        $and  =>>  undefined
        {"and":1}.and  =>>  1
        lines.qty in [1,4]  =>>  false
        2 in lines.qty  =>>  true
        "x" in none  =>>  false
        null in [null]  =>>  true
        (1,2)  =>>  !S0202
        [1,,2]  =>>  !S0211
        {"a":1,}  =>>  !S0211
        [1,]  =>>  !S0211
        a.b.  =>>  !S0207
        .a  =>>  !S0211
        a..  =>>  !S0201
        $  =>>  {"id":"o1","lines":[{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{"name":"Bo","city":"Rom
           | e"}},{"sku":"cup","qty":1,"price":21.67,"tags":["b"],"maker":{"name":"Al","city":"Oslo"}},{"sku":"hat","qt
           | y":4,"price":34.45,"tags":[],"maker":{"name":"Bo","city":"Rome"}}],"who":{"first":"Ann","last":"Lee","age"
           | :28},"empty":[],"nul":null,"yes":true,"one":[7],"nest":[[1,2],[3]],"text":"Hello World"}
        $$  =>>  {"id":"o1","lines":[{"sku":"hat","qty":2,"price":34.45,"tags":["a","b"],"maker":{"name":"Bo","city":"Ro
           | me"}},{"sku":"cup","qty":1,"price":21.67,"tags":["b"],"maker":{"name":"Al","city":"Oslo"}},{"sku":"hat","q
           | ty":4,"price":34.45,"tags":[],"maker":{"name":"Bo","city":"Rome"}}],"who":{"first":"Ann","last":"Lee","age
           | ":28},"empty":[],"nul":null,"yes":true,"one":[7],"nest":[[1,2],[3]],"text":"Hello World"}
        $$$  =>>  undefined
        $$.who.first  =>>  "Ann"
        $.who.first  =>>  "Ann"
        who.$.first  =>>  "Ann"
        who.$$.id  =>>  "o1"
        `a b`  =>>  undefined
        $`a`  =>>  undefined
        "é"  =>>  "é"
        ""  =>>  ""
        a/*x*/.b  =>>  undefined
        ( )  =>>  undefined
        (;)  =>>  !S0211
        (1;)  =>>  1
        true.a  =>>  !S0213
        "a"."b"  =>>  undefined
        who."first"  =>>  "Ann"
        who.("first")  =>>  "first"
        who[first="Ann"].age  =>>  28
        who[first="x"].age  =>>  undefined
        -1  =>>  -1
        - 1  =>>  -1
        -(1)  =>>  -1
        --1  =>>  1
        2--1  =>>  3
        2 -1  =>>  1
        1-1-1  =>>  -1
        2*3%4  =>>  2
        1+2&3  =>>  "33"
        1&2+3  =>>  !T2001
        1<2=true  =>>  true
        true or false and false  =>>  true
        1 = 1 and 2 = 2  =>>  true
        1 < 2 ? "y" : "n" & "z"  =>>  "y"
        true ? 1 : false ? 2 : 3  =>>  1
        [1..3].[$,$*2]  =>>  [[1,2],[2,4],[3,6]]
        [1..3][$%2=1]  =>>  [1,3]
        [1..3]{$string():$*2}  =>>  {"1":2,"2":4,"3":6}
        $sum([1..100])  =>>  5050
        [0..9].(($*$)%7)~>$distinct()  =>>  [0,1,4,2]
        [-3..-1]  =>>  [-3,-2,-1]
        [1..2,"a",[3..4]]  =>>  [1,2,"a",[3,4]]
        [[1..2],[3..4]]  =>>  [[1,2],[3,4]]
        $substringAfter(5,"x")  =>>  !T0410
        $encodeUrl(5)  =>>  !T0410
        $ceil("x")  =>>  !T0410
        $keys(1,2)  =>>  !T0410
        $spread(1,2)  =>>  !T0410
        $boolean(1,2)  =>>  !T0410
        $not(1,2)  =>>  !T0410
        $clone(1)  =>>  !T0410
        $now(5)  =>>  !T0410
        $type($error)  =>>  "function"
        """#
}
