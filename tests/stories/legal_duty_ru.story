country KG with a legal duty
# The law of a country makes us pass something on. It is said before consent and before anything is asked, in Russian.
dial
> 2
> 2
< По закону мы сообщаем.⏎1 Дальше 0 Нет
> 5
< 1, 0:⏎По закону мы сообщаем.⏎1 Дальше 0 Нет
> 1
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
< Стоп звонкам: в меню. Звонить:⏎1 Весь день⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
> 3
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
> 0
< Ждите звонка 24.11 12:00-17:00. Отмена: наберите снова.
request is waiting
wait 1 minute
request is offered

# In danger it is said, too. A no costs nothing.
other dials
> 2
> 1
< Полиция 102?, врач 103?.⏎1 Не могу говорить⏎2 Звоните мне⏎0 Назад
> 2
< По закону мы сообщаем.⏎1 Дальше 0 Нет
> 0
< Новое не записано. Опасно: 102?, 103?. Поговорить: 189?.
