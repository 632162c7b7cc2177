# In danger: the emergency number at once, then a request for the next two hours. The service is told that it is
# urgent, and a coordinator too. Afterwards nobody may ring by it.
at 22:30
dial
> 2
> 1
< Полиция 102?, врач 103?.⏎1 Не могу говорить⏎2 Звоните мне⏎0 Назад
> 2
< Позвоним. Номер: одной службе за раз, у нас до 30 дней⏎{on} Дальше 0 Нет
> {on}
< Стоп звонкам: наберите снова. Когда звонить?⏎1 Сейчас⏎2 Позже⏎0 Нет
> 1
< Записано. Помните {code}. Мы скажем {ours}, вы {word}.⏎1 Дальше 0 Конец
> 1
> 0
> 1
> 0
> 0
< Мы скажем {ours}, вы {word}. Не так? Кладите трубку.⏎1 Дальше 0 Конец
> 1
< Записали. Когда позвоним, пока не знаем. Отмена: наберите снова.
kg-coordinator-1 gets: ОПАСНО: Бишкек, RU, нужно: неясно, СЕЙЧАС. Проследите, чтобы служба позвонила.
wait 10 minutes
kg-country gets nothing
