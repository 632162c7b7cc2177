country KG
# The database fails: before a request is saved, and after. No screen says that something is saved that is not, in Kyrgyz.
dial
> 1
> 2
< Чалабыз. Номер бир учурда бир кызматта, эң көп 30 күн.⏎{on} Улантуу 0 Жок
the database fails
> {on}
< Токтотуу: менюда. Чалуу:⏎1 Күнү бою⏎2 Эртелеп⏎3 Күндүз⏎4 Кечинде⏎0 Жок
> 1
< Жазылбай калды. Кайра териңиз. Коркунуч: 102?, 103?. Сүйлөшүү: 189?.
the database is back

other dials
> 1
> 2
< Чалабыз. Номер бир учурда бир кызматта, эң көп 30 күн.⏎{on_b} Улантуу 0 Жок
> {on_b}
> 1
< Жазылды. Жаттаңыз {code}. Биз {ours} десек, сиз {word}.⏎1 Дагы 0 Чыгуу
the database fails
> 1
< Кечириңиз, өзгөрбөдү. Өтүнүчүңүз ордунда. Коркунуч: 102?, 103?.
hang up

# The menus need no database. Nor do the numbers.
third dials
> 1
> 8
< SOS: милиция/police 102?, врач/doctor 103?, сүйлөшүү/talk 189?.
hang up
third dials
> 1
> 9
> 3
< Жазылбай калды. Кайра териңиз. Коркунуч: 102?, 103?. Сүйлөшүү: 189?.
hang up
third dials
> 1
> 3
< Жыныстык зордукпу? 72 саат (3 күн) ичинде: ВИЧке каршы дары.⏎9 Дагы
hang up
the database is back
wait 1 minute
request is offered
