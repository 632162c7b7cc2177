# Refusing costs nothing, and nothing is kept.
dial
> 2
> 2
> 0
< Новое не записано. Опасно: 102?, 103?. Поговорить: 189?.
wait 1 day
kg-country gets nothing
kg-bishkek gets nothing
