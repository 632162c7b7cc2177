# With code and word she sees how her request stands, and ends it for good. A wrong code looks like no request.
dial
> 1
> 1
< Вам позвонит помощник. Номер увидит одна служба помощи.⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Код {code}, слово {word}, наше {ours}.⏎1 Дальше 0 Конец
> 0
< Ждите звонка 24.11 08:00-21:00. Отмена: наберите снова.
kg-country gets: Request {offer}: place not said, RU, To talk, any time. YES {offer} / NO {offer}

dial
> 1
> 2
< Моя просьба:⏎1 Как дела с ней?⏎2 Больше не звонить
> 1
< Наберите код, 6 цифр.
> 12
< Не та цифра.⏎Наберите код, 6 цифр.
> {code}
< Ваше слово?⏎1 ДОЖДЬ⏎2 ХЛЕБ⏎3 РЕКА⏎4 ОКНО⏎5 СНЕГ⏎6 СТОЛ⏎7 ТРАВА
> 0
< Наберите код, 6 цифр.
> 00
< Чем помочь?⏎1 Позвоните мне⏎2 Моя просьба⏎3 Не звоните мне⏎8 SOS
> 2
> 1
> {code}
> the digit of {word}
< Помощника спросили, ждём ответа.
again

# Another phone with a code that was never given out.
other dials
> 1
> 2
> 2
> 000000
> 1
< Просьбы с таким кодом и словом нет. Можно набрать снова.

kg-country sends: YES {offer}
kg-country gets: {offer} is yours. 24.11 08:00-21:00. Ask: good time? Word {word}, yours {ours}. Others no, message no, name us no. NUMBER {offer}

# Any phone may end it, with code and word.
other dials
> 1
> 2
> 2
> {code}
> the digit of {word}
< Готово. Никто не позвонит. Номер стёрт.
again
kg-country gets: {offer}: do not ring any more. Please erase the number.
kg-country sends: NUMBER {offer}
kg-country gets: {offer} is not open for you. Nothing was changed.
request is closed
