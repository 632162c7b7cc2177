country KZ
# Who chose a part of the day may choose the days, too: here Monday, Wednesday, Friday, in Kazakh. A day that does not exist
# is asked again.
dial
> 1
> 2
< Хабарласамыз. Нөмір бір сәтте бір ұйымда, ең көп 30 күн⏎{on} Келесі 0 Жоқ
> {on}
> 2
< Жазылды. Жаттаңыз {code}. Біз {ours} десек, сіз {word}⏎1 Келесі 0 Шығу
> 1
< Жасыңыз нешеде?⏎1 18-ге дейін⏎2 18 не одан үлкен⏎0 Айтпау
> 2
< Қай күні?⏎1 Күн сайын⏎2 Тек ертең⏎3 Таңдау⏎4 Тек бүгін⏎0 Артқа
> 3
< Күндерді теріңіз: 1 дүйсенбі, 7 жексенбі, бүгін 2.⏎0 Айтпау
> 9
< Тек 1-7: 1 дүйсенбі, бүгін 2. Мысалы, 135.⏎0 Айтпау
> 135
< Қайдасыз?⏎1 Алматы⏎2 Алматы обл.⏎3 Астана⏎4 Шымкент⏎9 Тағы⏎0 Айтпау
hang up
wait 1 hour
kz-country gets: Request: place not said, KK, need not said, morning. NO/YES {offer}
