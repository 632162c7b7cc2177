# For family after an own request, in one call, with a time chosen for the other: now it is about somebody close (R25).
dial
> 1
> 2
< Чалабыз. Номер бир учурда бир кызматта, эң көп 30 күн.⏎{on} Улантуу 0 Жок
> {on}
> 1
< Жазылды. Жаттаңыз {code}. Биз {ours} десек, сиз {word}.⏎1 Дагы 0 Чыгуу
> 00
> 5
> 3
< Чалабыз. Номер бир учурда бир кызматта, эң көп 30 күн.⏎{on} Улантуу 0 Жок
> {on}
> 1
< Жазылды. Жаттаңыз {code}. Биз {ours} десек, сиз {word}.⏎1 Дагы 0 Чыгуу
> 0
kg-country gets: Request: place not said, KY, need not said, age not said, about someone close, any time. NO/YES {offer}
request is offered
