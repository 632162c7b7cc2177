# For family after an own request, in one call. The caller hangs up at the consent screen of the other: their request is
# still their own (R25).
dial
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
> 00
> 5
< Что случилось?⏎1 Держат силой⏎2 Нет вестей⏎3 Позвоните мне⏎9 Ещё⏎0 <
> 3
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
hang up
wait 4 minutes
kg-country gets: Request: place not said, RU, need not said, age not said, any time. NO/YES {offer}
request is offered
