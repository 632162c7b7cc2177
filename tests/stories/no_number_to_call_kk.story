country KZ
# Somebody whose number is withheld: only "call me" says that we cannot call. In Kazakh.
withheld dials
< 1 Қазақша⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча⏎6 Тоҷикӣ⏎8 SOS
> 1
< Көмек:⏎1 Қауіп⏎2 Маған қоңырау⏎3 Денсаулық⏎4 Кеңес⏎5 Жақыныма⏎9 Тағы
> 2
< Бұл нөмірге хабарласа алмаймыз. Қауіп: 112?, 103?. Сөйлесу: 11616?.
hang up

# In danger, too. The numbers come first, as for everybody.
withheld dials
> 1
> 1
< Көмек 112?, дәрігер 103?.⏎1 Сөйлей алмаймын⏎2 Маған қоңырау⏎0 Артқа
> 2
< Бұл нөмірге хабарласа алмаймыз. Қауіп: 112?, 103?. Сөйлесу: 11616?.
hang up

# Everything else is as for others: health, advice, numbers.
withheld dials
> 1
> 3
< Жыныстық зорлық па? 72 сағат ішінде ВИЧ-тен сақтайтын дәрі бар.⏎9 Тағы
hang up
withheld dials
> 1
> 9
> 1
< Сөйлесу 11616?. Үйдегі зорлық 111?.⏎9 Тағы
