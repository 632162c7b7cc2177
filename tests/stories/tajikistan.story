country TJ
# The same in Tajikistan: its own regions, services and numbers.
dial
> 1
> 1
< Вам позвонит помощник. Номер увидит одна служба помощи.⏎{on} Дальше 0 Нет
> {on}
> 4
< Записано. Код {code}, слово {word}, наше {ours}.⏎1 Дальше 0 Конец
> 1
< Где вы?⏎1 Душанбе⏎2 Согд⏎3 Хатлон⏎4 РРП⏎5 ГБАО⏎0 Пропуск
> 2
> 0
> 0
> 0
> 0
> 1
< Ждите звонка 24.11 17:00-21:00. Отмена: наберите снова.
tj-country gets: Request {offer}: Sughd, RU, To talk, evening. YES {offer} / NO {offer}
tj-country sends: no {offer}
tj-country gets: {offer}: thank you. Another service is asked.
tj-khujand gets: {next}: Согд, RU, Поговорить, вечер, 18? ДА {next}/НЕТ {next}
