country TJ with a legal duty
# The law of a country makes us pass something on. It is said before consent and before anything is asked, in Tajik.
dial
> 1
> 2
< Мувофиқи қонун хабар медиҳем.⏎1 Давом 0 Не
> 5
< 1, 0:⏎Мувофиқи қонун хабар медиҳем.⏎1 Давом 0 Не
> 1
< Занг мезанем. Рақам дар як вақт ба як ташкилот, то 30 рӯз⏎{on} Давом 0 Не
> {on}
< Бас кардан: дар меню. Кай занг?⏎1 Тамоми рӯз⏎2 Субҳ⏎3 Рӯз⏎4 Бегоҳ⏎0 Не
> 3
< Қабул. Ёд гиред {code}. Мо {ours} мегӯем, шумо {word}⏎1 Давом 0 Тамом
> 0
< Мо 24.11 12:00-17:00 занг мезанем. Бас кардан: рақамро боз чинед.
request is waiting
wait 1 minute
request is offered

# In danger it is said, too. A no costs nothing.
other dials
> 1
> 1
< Милиса 102?, духтур 103?.⏎1 Гап зада намешавад⏎2 Ба ман занг занед⏎0 <
> 2
< Мувофиқи қонун хабар медиҳем.⏎1 Давом 0 Не
> 0
< Хуб. Чизи нав нанавиштем. Хатар бошад: 102?, 103?. Суҳбат: 1313?.
