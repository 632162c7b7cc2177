# The first service says no, the second never answers, nobody is left: a coordinator is called, and again.
dial
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
> 1
> 0
> 1
> 0
hang up
wait 4 minutes
kg-bishkek gets: Бишкек RU, нужно: неясно, лет?, 8-21. НЕТ/ДА {first}
kg-bishkek sends: Нет {first}
kg-bishkek gets: {first}: спасибо. Спросим другую службу.
kg-country gets: Request: Bishkek, RU, need not said, age not said, any time. NO/YES {second}
kg-bishkek sends: да {first}
kg-bishkek gets: {first}: для вас закончено. Отвечать больше не нужно.
wait 31 minutes
request is stranded
kg-coordinator-1 gets: Никто не взял: Бишкек, RU, нужно: неясно, 8-21. TAKE {called}
kg-country sends: YES {second}
kg-country gets: {second} is over for you. You do not need to answer any more.
wait 15 minutes
kg-coordinator-2 gets: Никто не взял: Бишкек, RU, нужно: неясно, 8-21. TAKE {called_too}
