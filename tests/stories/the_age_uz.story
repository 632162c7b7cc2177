country TJ
# The same place and the same question in Uzbek: a grown man, so the nearest service is asked first.
dial
> 3
> 2
< Тел қиламиз. Рақам бир вақтда бир хизматда, 30 кунгача.⏎{on} Давом 0 Йўқ
> {on}
> 1
< Ёзилди. Ёдланг: {code}. Биз {ours} деймиз, сиз {word}.⏎1 Давом 0 Тамом
> 1
< Ёшингиз нечада?⏎1 18 гача⏎2 18 ва ундан катта⏎0 Айтмайман
> 2
< Қаердасиз?⏎1 Душанбе⏎2 Сўғд⏎3 Хатлон⏎4 Ҳисор, Рашт⏎9 Яна⏎0 Айтмайман
> 2
hang up
wait 5 minutes
tj-khujand gets: Согд UZ, нужно: неясно, 8-21. НЕТ/ДА {offer}
