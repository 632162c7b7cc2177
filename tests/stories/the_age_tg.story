country TJ
# A boy in Sughd, in Tajik. His age is the first question after *saved*. The nearest service is not ready for children,
# so the one for the whole country is asked, and reads the age in the offer.
dial
> 1
> 2
< Занг мезанем. Рақам дар як вақт ба як ташкилот, то 30 рӯз⏎{on} Давом 0 Не
> {on}
> 1
< Қабул. Ёд гиред {code}. Мо {ours} мегӯем, шумо {word}⏎1 Давом 0 Тамом
> 1
< Чандсола ҳастед?⏎1 То 18-сола⏎2 18 ё калонтар⏎0 Нагӯям
> 1
< Дар куҷоед?⏎1 Душанбе⏎2 Суғд⏎3 Хатлон⏎4 Ҳисор, Рашт⏎9 Боз⏎0 Нагӯям
> 2
hang up
wait 5 minutes
tj-khujand gets nothing
tj-country gets: Request: Sughd, TG, need not said, under 18, any time. NO/YES {offer}
