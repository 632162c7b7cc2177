country TJ
# The texts change during a call: what was pressed may mean something else now, so nothing is done by it. In Russian.
dial
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
hang up
wait 30 minutes

other dials
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on_b} Дальше 0 Нет
the texts change
> {on_b}
< Наберите, пожалуйста, ещё раз. Опасно: 102?, 103?.
hang up

third dials
> 2
> 9
the texts change
> 3
< Наберите, пожалуйста, ещё раз. Опасно: 102?, 103?.
