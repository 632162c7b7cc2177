# A caseworker in Bishkek with an old telephone: nobody answers in the morning, the next day they talk; a slip is taken
# back, a second request comes between, and in the end it is done.
dial
> 2
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
> 1
> 0
> 1
> 0
> 1
> 0
> 0
> 0
> 0
> 1
> 1
> 9
> 1
> 2
> 0
kg-bishkek gets: Бишкек RU, Не платят, 8-21. НЕТ/ДА {one}
kg-bishkek sends: {one}
kg-bishkek gets: {one} 1 да, {one} 2 нет. Пошлите одно из двух.
kg-bishkek sends: {one} 1
kg-bishkek gets: {one} ваша. 24.11 10:00-21:00. Сначала спросите «Удобно?» Вы говорите {ours}, вам отвечают {word}. Говорить с другими: нет. Оставить сообщение: нет. СМС: нет. Назвать нас: нет. Взять номер: НОМЕР {one}
kg-bishkek sends: номер {one}
kg-bishkek gets: +996000111001 до 21:00. Слово не то? Скажите «не тот номер», отбой, {one} 0. Вам говорят «вы ошиблись»? Отбой, {one} 6. Иначе {one} и 1 дозвон 2 нет ответа 3 занято 4 выкл 5 другой. 5 и 0: стоп звонкам
kg-bishkek sends: занято
kg-bishkek gets: Пока ничего не сделано. Пошлите: {one} 3
kg-bishkek sends: {one} 3
kg-bishkek gets: {one}: записано. Дальше 25.11 08:00-21:00: НОМЕР {one}
kg-bishkek sends: назад
kg-bishkek gets: Пока ничего не сделано. Пошлите: назад {one}
kg-bishkek sends: назад {one}
kg-bishkek gets: {one}: вернули. Всё как было.
kg-bishkek sends: {one} не берёт трубку
kg-bishkek gets: {one}: записано. Дальше 25.11 08:00-21:00: НОМЕР {one}
request is claimed
at 09:00
kg-bishkek sends: список
kg-bishkek gets: {one} звонить 25.11 08:00-21:00
kg-bishkek sends: НОМЕР
kg-bishkek gets: Пока ничего не сделано. Пошлите: {one} 7
kg-bishkek sends: {one} 7
kg-bishkek gets: +996000111001 до 21:00. Слово не то? Скажите «не тот номер», отбой, {one} 0. Вам говорят «вы ошиблись»? Отбой, {one} 6. Иначе {one} и 1 дозвон 2 нет ответа 3 занято 4 выкл 5 другой. 5 и 0: стоп звонкам
kg-bishkek sends: {one} 1
kg-bishkek gets: {one}: спасибо. Ещё звонок: СЛЕД {one} ПТ 14:00. В конце: ГОТОВО {one}
request is reached
kg-bishkek sends: след {one}
kg-bishkek gets: {one}: не записано. Пошлите: СЛЕД {one} ПТ 14:00. Или СЕГОДНЯ, ЗАВТРА
kg-bishkek sends: след {one} завтра 22:00
kg-bishkek gets: {one}: не записано. Звонить только 25.11 08:00-21:00.
kg-bishkek sends: след {one} завтра в 14:00
kg-bishkek gets: {one}: следующий звонок чт 26.11 14:00. Напомним за 30 минут.
request is reached
wait 2 days
kg-bishkek gets: {one}: в 14:00 у вас встреча или звонок, как договорились.
request is following
kg-bishkek sends: полно 2
kg-bishkek gets: Чтобы не было просьб до 29.11 08:00, пошлите: {pause} 2
kg-bishkek sends: {pause} 2
kg-bishkek gets: Хорошо: без просьб до 29.11 08:00. Раньше: СВОБОДНО
kg-bishkek sends: {one} 1
kg-bishkek gets: {one}: дозвон. Когда закончите: ГОТОВО {one}. Передали: ПЕРЕДАНО {one} название службы. Не вам: НЕ К НАМ {one}. Ошибка: НАЗАД {one}
kg-bishkek sends: готово {one}
kg-bishkek gets: {one}: ещё не закрыто. Закрыть и стереть номер: ГОТОВО ГОТОВО {one}
kg-bishkek sends: готово готово {one}
kg-bishkek gets: {one}: готово, спасибо. Сотрите номер.
request is closed
kg-bishkek sends: готово {one}
kg-bishkek gets: {one}: больше не звоните. Номер сотрите.
kg-bishkek sends: список
kg-bishkek gets: Просьб для вас нет. Напишем, когда кто-то попросит.
caller gets nothing
