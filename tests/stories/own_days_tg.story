country TJ
# Who chose a part of the day may choose the days, too: here Monday, Wednesday, Friday, in Tajik. A day that does not exist
# is asked again.
dial
> 1
> 2
< Занг мезанем. Рақам дар як вақт ба як ташкилот, то 30 рӯз⏎{on} Давом 0 Не
> {on}
> 2
< Қабул. Ёд гиред {code}. Мо {ours} мегӯем, шумо {word}⏎1 Давом 0 Тамом
> 1
< Чандсола ҳастед?⏎1 То 18-сола⏎2 18 ё калонтар⏎0 Нагӯям
> 2
< Кадом рӯзҳо?⏎1 Ҳар рӯз⏎2 Танҳо фардо⏎3 Интихоб⏎4 Танҳо имрӯз⏎0 Қафо
> 3
< Рӯзҳоро паси ҳам нависед: 1 душанбе, 7 якшанбе, имрӯз 2.⏎0 Нагӯям
> 9
< Танҳо 1-7: 1 душанбе, имрӯз 2. Масалан 135.⏎0 Нагӯям
> 135
< Дар куҷоед?⏎1 Душанбе⏎2 Суғд⏎3 Хатлон⏎4 Ҳисор, Рашт⏎9 Боз⏎0 Нагӯям
hang up
wait 1 hour
tj-country gets: Request: place not said, TG, need not said, morning. NO/YES {offer}
