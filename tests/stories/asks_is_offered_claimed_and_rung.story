# A man in Bishkek whose wages are kept asks to be called in the morning. One service takes it and gets his
# number inside the window, once.
at 13:00
dial
< 1 Русский⏎2 English⏎8 SOS
> 1
< Чем помочь?⏎1 Позвоните мне⏎2 Моя просьба⏎3 Не звоните мне⏎8 SOS
> 1
< Вам позвонит помощник. Номер увидит одна служба помощи.⏎{on} Дальше 0 Нет
> {on}
< Храним 30 дней, отмена тут. Когда?⏎1 Любое⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
> 2
< Записано. Код {code}, слово {word}, наше {ours}.⏎1 Дальше 0 Конец
again
> 1
< Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎9 Ещё⏎0 Пропуск
> 1
< Что нужно?⏎1 Не платят⏎2 Отняли паспорт⏎9 Ещё⏎0 Пропуск
> 1
< Если ответит другой, говорить с ним?⏎1 Да⏎0 Нет
> 0
< Можно оставить сообщение?⏎1 Да⏎0 Нет
> 0
< Можно сказать, кто мы?⏎1 Да⏎0 Нет
> 0
< Можно прислать вам СМС?⏎1 Да⏎0 Нет
> 0
< Ждите звонка 25.11 08:00-12:00. Отмена: наберите снова.
again

kg-bishkek gets: {offer}: Бишкек, RU, Не платят, утро. ДА {offer} / НЕТ {offer}
kg-bishkek sends: да {offer}!
kg-bishkek gets: {offer} ваша. 25.11 08:00-12:00. Спросить: удобно? Слово {word}, ваше {ours}. Другим нет, запись нет, о нас нет. НОМЕР {offer}
kg-bishkek sends: НОМЕР {offer}
kg-bishkek gets: {offer}: не сейчас. НОМЕР {offer} - 25.11 08:00-12:00.
at 08:10
kg-bishkek sends: номер {offer}
kg-bishkek gets: {offer}: +996000111001 до 12:00. Слово не то? Извиниться, положить.
kg-bishkek sends: номер {offer}
kg-bishkek gets: {offer}: номер уже был. Снова: 26.11 08:00-12:00.
caller gets nothing
request is claimed
