# Keys dialled past the first consent screen unseen are dropped, whatever they are.
dial
> 2*2*1*2*3*4*5*6*7*1*1
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
again
> {on}
< Стоп звонкам: в меню. Звонить:⏎1 Весь день⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
wait 1 hour
kg-country gets nothing
