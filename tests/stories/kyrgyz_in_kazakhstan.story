country KZ
# A worker from Kyrgyzstan in Almaty, in Kyrgyz: four presses, as in every language.
dial
< 1 Қазақша⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча⏎6 Тоҷикӣ⏎8 SOS
> 5
< Жардам:⏎1 Коркунуч⏎2 Чалышсын⏎3 Ден соолук⏎4 Кеңеш⏎5 Тууганыма⏎9 Дагы
> 2
< Чалабыз. Номер бир учурда бир кызматта, эң көп 30 күн.⏎{on} Улантуу 0 Жок
> {on}
> 1
< Жазылды. Жаттаңыз {code}. Биз {ours} десек, сиз {word}.⏎1 Дагы 0 Чыгуу
> 1
> 0
< Кайдасыз?⏎1 Алматы⏎2 Алматы обл.⏎3 Астана⏎4 Чымкент⏎9 Дагы⏎0 Айтпайм
> 1
hang up
wait 5 minutes
kz-country gets: Request: Almaty, KY, need not said, age not said, any time. NO/YES {offer}
