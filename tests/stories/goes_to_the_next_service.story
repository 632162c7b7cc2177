# The first service says no, the second never answers, nobody is left: a coordinator is called, and again.
dial
> 1
> 1
< Вам позвонит помощник. Номер увидит одна служба помощи.⏎{on} Дальше 0 Нет
> {on}
> 1
> 1
> 1
> 0
hang up
wait 4 minutes
kg-bishkek gets: {first}: Бишкек, RU, Поговорить, любое. ДА {first} / НЕТ {first}
kg-bishkek sends: Нет {first}
kg-bishkek gets: {first}: спасибо. Спросим другую службу.
kg-country gets: Request {second}: Bishkek, RU, To talk, any time. YES {second} / NO {second}
kg-bishkek sends: да {first}
kg-bishkek gets: {first} для вас не открыта. Всё как было.
wait 31 minutes
request is stranded
kg-coordinator-1 gets: Никто не взял: Бишкек, RU, Поговорить, любое. Найдите.
kg-country sends: YES {second}
kg-country gets: {second} is not open for you. Nothing was changed.
wait 15 minutes
kg-coordinator-2 gets: Никто не взял: Бишкек, RU, Поговорить, любое. Найдите.
