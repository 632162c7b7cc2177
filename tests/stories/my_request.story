# With code and word she sees how her request stands, and ends it for good. A wrong code looks like no request.
dial
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
> 0
< Ждите звонка 24.11 10:00-21:00. Отмена: наберите снова.
kg-country gets: Request: place not said, RU, need not said, age not said, any time. NO/YES {offer}

dial
> 2
> 9
> 2
< Моя просьба:⏎1 Новости?⏎2 Другое время⏎3 Стереть номер⏎9 Ещё⏎0 Назад
> 1
< Наберите код, 6 цифр.⏎0 Назад
> 12
< Не та цифра.⏎Наберите код, 6 цифр.⏎0 Назад
> {code}
< Ваше слово?⏎1 ДОЖДЬ⏎2 ХЛЕБ⏎3 РЕКА⏎4 ОКНО⏎5 СНЕГ⏎6 СТОЛ⏎7 КНИГА⏎0 Назад
> 0
< Наберите код, 6 цифр.⏎0 Назад
> 00
< Чем помочь?⏎1 Опасно⏎2 Позвоните мне⏎3 Здоровье⏎4 Совет⏎5 Родным⏎9 Ещё
> 9
> 2
> 1
> {code}
> the digit of {word}
< Помощника спросили, ждём ответа.
again

# Another phone with a code that was never given out.
other dials
> 2
> 9
> 2
> 3
> 000000
> 1
< Код и слово сейчас ничего не открыли. Снова: наберите *500#.

kg-country sends: YES {offer}
kg-country gets: {offer} is yours. 24.11 10:00-21:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {offer}

# She would rather be rung in the evening, and others may answer after all.
dial
> 2
> 9
> 2
> 2
> 4
> {code}
> the digit of {word}
< Хорошо. Позвонить могут только с 17:00 до 21:00.
kg-country gets: {offer}: new time: 24.11 17:00-21:00. Not before, not after.
dial
> 2
> 9
> 2
> 9
> 1
> 1
> 0
> 0
> 0
> {code}
> the digit of {word}
< Хорошо. Помощник это учтёт.
kg-country gets: {offer}: from now talk to others: yes, leave a message: no, SMS: no, say who we are: no.

# Any phone may end it, with code and word.
other dials
> 2
> 9
> 2
> 3
> {code}
> the digit of {word}
< Готово. Никто не позвонит. Номер стёрт.
again
kg-country gets: {offer}: do not call any more. Please delete the number.
kg-country sends: NUMBER {offer}
kg-country gets: {offer} is over for you. You do not need to answer any more.
request is closed
