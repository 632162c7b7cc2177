country TJ
# Somebody whose number is withheld: only "call me" says that we cannot call. In Russian.
withheld dials
< 1 Тоҷикӣ⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча⏎8 SOS
> 2
< Чем помочь?⏎1 Опасно⏎2 Позвоните мне⏎3 Здоровье⏎4 Совет⏎5 Родным⏎9 Ещё
> 2
< Не можем вам позвонить. Опасно: 102?, 103?. Поговорить: 1313?.
hang up

# In danger, too. The numbers come first, as for everybody.
withheld dials
> 2
> 1
< Полиция 102?, врач 103?.⏎1 Не могу говорить⏎2 Позвоните⏎0 Назад
> 2
< Не можем вам позвонить. Опасно: 102?, 103?. Поговорить: 1313?.
hang up

# Everything else is as for others: health, advice, numbers.
withheld dials
> 2
> 3
< Секс против воли? До 72 часов: лекарство, чтобы не было ВИЧ.⏎9 Ещё
hang up
withheld dials
> 2
> 9
> 1
< Поговорить 1313?.⏎9 Ещё
