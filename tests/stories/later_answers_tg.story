country TJ
# With code and word a caller says later when, on which days, who calls, what they need and where they are. In Tajik.
dial
> 1
> 2
< Занг мезанем. Рақам дар як вақт ба як ташкилот, то 30 рӯз⏎{on} Давом 0 Не
> {on}
> 1
< Қабул. Ёд гиред {code}. Мо {ours} мегӯем, шумо {word}⏎1 Давом 0 Тамом
> 0
< Мо 24.11 09:00-21:00 занг мезанем. Бас кардан: рақамро боз чинед.
tj-country gets: Request: place not said, TG, need not said, age not said, any time. NO/YES {offer}
tj-country sends: YES {offer}
tj-country gets: {offer} is yours. 24.11 09:00-21:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {offer}

# From 9 to 11. An hour that cannot be, or is not later than the first, is asked for again.
dial
> 1*9*2*9*9
< Хоҳиши ман:⏎1 Соати ҷои ман⏎2 Ҷавобҳоямро иваз кунам⏎0 Қафо
> 2
< Чиро иваз кунем?⏎1 Соати аниқ⏎2 Рӯзҳо⏎3 Кӣ занг занад⏎9 Боз⏎0 Қафо
> 1
< Аз соати чанд занг занем? Аз 8 то 20 нависед.⏎0 Қафо
> 21
< Соатро нависед, аз 8 то 20.⏎0 Қафо
> 9
< То соати чанд? Аз 9 то 21 нависед.⏎0 Қафо
> 9
< Соати дертарро нависед, то 21.⏎0 Қафо
> 11
< Кодро нависед, 6 рақам.⏎0 Қафо
> {code}
> the digit of {word}
< Хуб. Занг танҳо аз 09:00 то 11:00 меояд.
tj-country gets: {offer}: new time: 24.11 09:00-11:00. Not before, not after.

# Monday to Friday.
dial
> 1*9*2*9*9*2*2
< Кадом рӯзҳо?⏎1 Ҳар рӯз⏎2 Душанбе-ҷумъа⏎3 Шанбе, якшанбе⏎4 Интихоб⏎0 <
> 2
< Кодро нависед, 6 рақам.⏎0 Қафо
> {code}
> the digit of {word}
< Хуб. Занг танҳо дар вақти нави шумо меояд.
tj-country gets: {offer}: new time: 24.11 09:00-11:00, Mo-Fr. Not before, not after.

# Who calls, and in which language.
dial
> 1*9*2*9*9*2*3
< Кӣ занг занад?⏎1 Зан⏎2 Мард⏎3 Фарқ надорад⏎0 Қафо
> 3
< Бо кадом забон?⏎1 Тоҷикӣ⏎2 Русский⏎3 Ўзбекча⏎4 English⏎9 Боз⏎0 Нагӯям
> 2
< Кодро нависед, 6 рақам.⏎0 Қафо
> {code}
> the digit of {word}
< Хуб. Иваз шуд. Ба ёрдамчӣ мегӯем.
tj-country gets: {offer} is yours. 24.11 09:00-11:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {offer}
tj-country gets: {offer}: Mo-Fr, RU.

# The need.
dial
> 1*9*2*9*9*2*9
< Чиро иваз кунем?⏎1 Дар куҷоям⏎2 Чӣ лозим⏎3 Наздикам дар куҷост⏎0 Қафо
> 2
< Чӣ ёрӣ лозим?⏎1 Музд надоданд⏎2 Ҳуҷҷат бурданд⏎3 Ба хона⏎9 Боз⏎0 Қафо
> 1
< Кодро нависед, 6 рақам.⏎0 Қафо
> {code}
> the digit of {word}
< Хуб. Иваз шуд. Ба ёрдамчӣ мегӯем.
tj-country gets: {offer}, changed: place not said, RU, Unpaid wages, age not said.

# The place, down to a district.
dial
> 1*9*2*9*9*2*9*1
< Дар куҷоед?⏎1 Душанбе⏎2 Суғд⏎3 Хатлон⏎4 Ҳисор, Рашт⏎9 Боз⏎0 Қафо
> 2
< Кадомаш?⏎1 Зафаробод⏎2 Кӯҳистони Мастчоҳ⏎9 Боз⏎0 Нагӯям
> 1
< Кодро нависед, 6 рақам.⏎0 Қафо
> {code}
> the digit of {word}
< Хуб. Иваз шуд. Ба ёрдамчӣ мегӯем.
tj-country gets: {offer}, changed: Zafarobod, RU, Unpaid wages, age not said.
