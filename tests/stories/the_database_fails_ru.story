country TJ
# The database fails: before a request is saved, and after. No screen says that something is saved that is not, in Russian.
dial
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
the database fails
> {on}
< Стоп звонкам: в меню. Звонить:⏎1 Весь день⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
> 1
< Сбой. Наберите снова. Опасно: 102?, 103?. Поговорить: 1313?.
the database is back

other dials
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on_b} Дальше 0 Нет
> {on_b}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
the database fails
> 1
< Не вышло, простите. Прежняя просьба осталась. Опасно: 102?, 103?.
hang up

# The menus need no database. Nor do the numbers.
third dials
> 2
> 8
< SOS: милиса/police 102?, духтур/doctor 103?, help 112?, суҳбат 1313?.
hang up
third dials
> 2
> 9
> 3
< Сбой. Наберите снова. Опасно: 102?, 103?. Поговорить: 1313?.
hang up
third dials
> 2
> 3
< Секс против воли? До 72 часов: лекарство, чтобы не было ВИЧ.⏎9 Ещё
hang up
the database is back
wait 1 minute
request is offered
