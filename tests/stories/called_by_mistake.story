# A caller names a number that is somebody else's. A service calls it and a stranger answers. The stranger sends one text,
# and nothing more comes; they learn nothing, not even by a reply (R18, R48).
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
> 0
> 1
> 1
> 2
> 1
< Мы скажем {ours}, вы {word}. Не так? Кладите трубку.⏎1 Дальше 0 Конец
> 1
< Опасно говорить? Скажите: вы ошиблись. Мы отключимся.⏎1 Дальше⏎0 Конец
> 1
< Записано. Ещё?⏎1 Дни⏎2 Кто звонит⏎3 Кем нам назваться⏎9 Ещё⏎0 Конец
> 9
< Записано. Ещё?⏎1 Мой возраст⏎2 Платно?⏎3 Другой номер⏎9 Ещё⏎0 Конец
> 3
< На какой номер звонить? Наберите.⏎0 Дальше
> 000111002
< Звонить на 000111002? Спросим ваше слово.⏎1 Да⏎0 Нет
> 1
< Хорошо. Звонить будем только туда.⏎1 Дальше
> 1
> 0
< Ждите звонка 24.11 10:00-21:00. Отмена: наберите снова.
kg-bishkek gets: Бишкек RU, нужно: неясно, лет?, 8-21. НЕТ/ДА {offer}
kg-bishkek sends: ДА {offer}
kg-bishkek gets: {offer} ваша. 24.11 10:00-21:00. Сначала спросите «Удобно?» Вы говорите {ours}, вам отвечают {word}. Говорить с другими: нет. Оставить сообщение: нет. СМС: нет. Назвать нас: нет. Взять номер: НОМЕР {offer}
kg-bishkek gets: {offer}: другой телефон.
kg-bishkek sends: НОМЕР {offer}
kg-bishkek gets: +996000111002 до 21:00. Слово не то? Скажите «не тот номер», отбой, {offer} 0. Вам говорят «вы ошиблись»? Отбой, {offer} 6. Иначе {offer} и 1 дозвон 2 нет ответа 3 занято 4 выкл 5 другой. 5 и 0: стоп звонкам
other sends: Вы ошиблись номером!
kg-bishkek gets: {offer}: больше не звоните. Номер сотрите.
request is paused
kg-bishkek sends: НОМЕР {offer}
kg-bishkek gets: {offer}: больше не звоните. Номер сотрите.
wait 2 days
request is paused
kg-bishkek gets nothing
other gets nothing
caller gets nothing
