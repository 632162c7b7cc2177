# A family says later where the other person is, and where they are themselves. Each leaves the other. In Kyrgyz.
dial
> 1
> 5
> 3
< Чалабыз. Номер бир учурда бир кызматта, эң көп 30 күн.⏎{on} Улантуу 0 Жок
> {on}
> 1
< Жазылды. Жаттаңыз {code}. Биз {ours} десек, сиз {word}.⏎1 Дагы 0 Чыгуу
hang up
wait 1 minute
kg-country gets: Request: place not said, KY, need not said, age not said, about someone close, any time. NO/YES {offer}

# The other person is in Turkey. No hour is asked: the caller is at home.
dial
> 1
> 9
> 2
> 9
> 9
> 2
> 9
< Эмнени өзгөртөбүз?⏎1 Кайдамын⏎2 Эмне керек⏎3 Жакыным кайда⏎0 Артка
> 3
< Ал киши кайда?⏎1 Бишкек⏎2 Ош шаары⏎3 Чүй⏎4 Ош облусу⏎9 Дагы⏎0 Артка
> 9
> 9
< 1 Талас⏎2 Чет жакта⏎9 Дагы⏎0 Артка
> the digit of Чет жакта
< Кайсы өлкө?⏎1 Россия⏎2 Казакстан⏎3 Түркия⏎4 Корея⏎9 Дагы⏎0 Айтпайм
> the digit of Түркия
< Кодду териңиз, 6 цифра.⏎0 Артка
> {code}
> the digit of {word}
< Макул. Өзгөрттүк. Жардамчы билет.

# Then they say that they are in Bishkek themselves. The other person stays in Turkey, and the request as it was.
dial
> 1
> 9
> 2
> 9
> 9
> 2
> 9
> 1
< Кайда?⏎1 Бишкек⏎2 Ош шаары⏎3 Чүй⏎4 Ош облусу⏎5 Жалал-Абад⏎9 Дагы⏎0 <
> 1
< Кайсынысы?⏎1 Свердлов⏎2 Биринчи май⏎3 Ленин⏎4 Октябрь⏎0 Айтпайм
> 0
> {code}
> the digit of {word}
< Жардамчыдан сурадык, азырынча жооп жок.
