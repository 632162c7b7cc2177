# In danger, from Russia, by SMS: within two hours needs no clock (R3). A later time does, so the hour is asked then.
abroad sends: спасите
abroad gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
abroad sends: 1
abroad gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
abroad sends: 1
abroad gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 И позже 0 Всё
abroad sends: 1
abroad gets: Который у вас сейчас час? Пришлите число от 1 до 24.
abroad sends: 15
abroad gets: Если не за 2 часа, то когда?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
abroad sends: 4
abroad gets: О чём речь?⏎1 Работа⏎2 Бумаги⏎3 Здоровье⏎4 Жильё⏎5 Разговор⏎0 Дальше
