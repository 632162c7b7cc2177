country TJ
# The same in Tajikistan, in Tajik: its own regions, towns, services and numbers. She types the beginning of the town.
dial
> 1
> 2
< Занг мезанем. Рақам ҳар бор ба як ташкилот, то 30 рӯз.⏎{on} Давом 0 Не
> {on}
> 4
< Қабул. Ёд гиред {code}. Мо {ours} мегӯем, шумо {word}⏎1 Давом 0 Тамом
> 1
< Чандсола ҳастед?⏎1 То 18-сола⏎2 18 ё калонтар⏎0 Нагӯям
> 0
< Кадом рӯзҳо?⏎1 Ҳар рӯз⏎2 Танҳо фардо⏎3 Интихоб⏎4 Танҳо имрӯз⏎0 Қафо
> 1
< Дар куҷоед?⏎1 Душанбе⏎2 Суғд⏎3 Хатлон⏎4 Ҳисор, Рашт⏎9 Боз⏎0 Нагӯям
> 2
< Аниқтар куҷо? Ёрии наздик меёбем.⏎1 Аз рӯйхат⏎2 Ном навиштан⏎0 Кифоя
> 2
< Ҳарфҳои аввали шаҳр ё деҳаро нависед.⏎0 Нагӯям
> худ
< Кадомаш?⏎1 Хуҷанд⏎2 Хоҷамастон (Ҳис.)⏎0 Аз нав
> 1
< Чӣ ёрӣ лозим?⏎1 Музд надоданд⏎2 Ҳуҷҷат бурданд⏎9 Боз⏎0 Нагӯям
> 0
> 0
> 0
> 0
> 0
> 1
> 0
< Мо 24.11 17:00-21:00 занг мезанем. Бас кардан: рақамро боз чинед.
tj-country gets: Request: Khujand, TG, need not said, age not said, evening. NO/YES {offer}
tj-country sends: no {offer}
tj-country gets: {offer}: thank you. We ask another service.
tj-khujand gets: Худжанд TG, нужно: неясно, лет?, вечер. НЕТ/ДА {next}
