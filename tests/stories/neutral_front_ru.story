country KG with a neutral front
# A neutral first screen after the language, in Russian. Each word leads to what it says; *more* to the whole menu.
dial
< 1 Кыргызча⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Тоҷикӣ
> 2
< Справка:⏎1 Работа⏎2 Здоровье⏎3 За границу⏎4 Позвоните мне⏎9 Ещё
> 7
< Только 1-4, 9:⏎1 Работа⏎2 Здоровье⏎3 За границу⏎4 Позвоните мне⏎9 Ещё
> 1
< Работа:⏎1 Не платят⏎2 Мои права⏎3 За границей⏎0 Назад
> 0
> 2
< Секс против воли? До 72 часов: лекарство, чтобы не было ВИЧ.⏎9 Ещё
> 0
> 3
< Проверьте:⏎1 Кто нанимает⏎2 Агентство⏎3 Виза⏎4 Обещания⏎5 Интернет⏎0 <
> 00
< Справка:⏎1 Работа⏎2 Здоровье⏎3 За границу⏎4 Позвоните мне⏎9 Ещё
> 8
< SOS: милиция/police 102?, врач/doctor 103?, сүйлөшүү/talk 189?.

# A call asked for there. Somebody comes in: key 99 ends the call on a harmless screen, and the request stays stored.
other dials
> 2
> 4
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
> 99
< Сегодня новостей нет. Спасибо.
wait 5 minutes
request is offered
