# With code and word a caller adds later what they did not say at first: hours, days, who calls, the place, the need.
dial
> 2
> 2
< Позвоним. Номер видит одна служба за раз. Отмена тут.⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Код {code}, ваше слово {word}, наше {ours}.⏎1 Дальше 0 Конец
> 0
kg-country gets: Request: place not said, RU, need not said, age not said, any time. NO/YES {offer}
kg-country sends: YES {offer}
kg-country gets: {offer} is yours. 24.11 08:00-21:00. 'Good time?' Word {word}, yours {ours}. Others no, message no, SMS no, name us no. NUMBER {offer}

# From 9 to 11. An hour that is not later than the first is asked for again.
dial
> 2
> 9
> 2
> 9
> 9
< Моя просьба:⏎1 Который у меня час⏎2 Изменить мои ответы
> 2
< Что изменить?⏎1 С какого часа⏎2 Дни⏎3 Кто звонит⏎9 Ещё
> 1
< С какого часа можно звонить? Наберите от 8 до 20.
> 7
< Наберите час, от 8 до 20.
> 9
< До какого часа? Наберите от 9 до 21.
> 9
< Наберите час позже, не больше 21.
> 11
< Наберите код, 6 цифр.
> {code}
> the digit of {word}
< Хорошо. Звонок возможен только в новое время.
kg-country gets: {offer}: new time: 24.11 09:00-11:00. Not before, not after.

dial
> 2
> 9
> 2
> 9
> 9
> 2
> 2
< В какие дни?⏎1 Каждый день⏎2 Будни⏎3 Выходные⏎4 Выбрать
> 1
< Наберите код, 6 цифр.
> 0
> 2
< Наберите код, 6 цифр.
> 0
> 3
< Наберите код, 6 цифр.
> 0
< В какие дни?⏎1 Каждый день⏎2 Будни⏎3 Выходные⏎4 Выбрать
> 4
> 135
> {code}
> the digit of {word}
< Хорошо. Звонок возможен только в новое время.

dial
> 2
> 9
> 2
> 9
> 9
> 2
> 3
< Кто вам позвонит?⏎1 Женщина⏎2 Мужчина⏎3 Всё равно
> 2
< На каком языке?⏎1 Кыргызча⏎2 Русский⏎3 Ўзбекча⏎9 Ещё⏎0 Пропустить
> 00
> 9
> 2
> 9
> 9
> 2
> 3
> 3
< На каком языке?⏎1 Кыргызча⏎2 Русский⏎3 Ўзбекча⏎9 Ещё⏎0 Пропустить
> 00
> 9
> 2
> 9
> 9
> 2
> 3
> 1
> 0
> {code}
> the digit of {word}
< Хорошо. Изменили. Помощник узнает.

dial
> 2
> 9
> 2
> 9
> 9
> 2
> 9
< Что изменить?⏎1 Где я⏎2 Что мне нужно
> 2
> 1
> {code}
> the digit of {word}
< Хорошо. Изменили. Помощник узнает.
