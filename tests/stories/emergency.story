# Key 8 on the very first screen, before a language is chosen.
dial
> 8
< Опасно сейчас: 102?, 103?. Поговорить: 189?.
