# In danger by SMS: within two hours, and otherwise in the evening. The request is stored and offered before that is asked.
caller sends: коркунуч
caller gets: Саламатсызбы. Сизге чалса болобу?⏎1 Ооба 0 Жок
caller sends: ооба
caller gets: Качан ыңгайлуу?⏎1 Эки саат ичинде 2 Кийин 0 Жок
caller sends: 1
caller gets: Жакшы. Биз {ours} дейбиз, сиз {word}. Муну өчүрүңүз.⏎1 Кийин 0 Бүттү
request is offered
caller sends: 1
caller gets: 2 саатта болбосо, качан?⏎1 Күнү бою⏎2 Эртелеп⏎3 Күндүз⏎4 Кечинде⏎0 Жок
caller sends: 4
caller gets: Кайдасыз?⏎1 Бишкек⏎2 Ош шаары⏎3 Чүй⏎4 Ош облусу⏎9 Дагы⏎0 Айтпайм
request is offered
# At any time, or at no other time.
other sends: коркунуч
other gets: Саламатсызбы. Сизге чалса болобу?⏎1 Ооба 0 Жок
other sends: ооба
other gets: Качан ыңгайлуу?⏎1 Эки саат ичинде 2 Кийин 0 Жок
other sends: 1
other gets: Жакшы. Биз {ours_other} дейбиз, сиз {word_other}. Муну өчүрүңүз.⏎1 Кийин 0 Бүттү
other sends: 1
other gets: 2 саатта болбосо, качан?⏎1 Күнү бою⏎2 Эртелеп⏎3 Күндүз⏎4 Кечинде⏎0 Жок
other sends: 1
other gets: Кайдасыз?⏎1 Бишкек⏎2 Ош шаары⏎3 Чүй⏎4 Ош облусу⏎9 Дагы⏎0 Айтпайм
third sends: коркунуч
third gets: Саламатсызбы. Сизге чалса болобу?⏎1 Ооба 0 Жок
third sends: ооба
third gets: Качан ыңгайлуу?⏎1 Эки саат ичинде 2 Кийин 0 Жок
third sends: 1
third gets: Жакшы. Биз {ours_third} дейбиз, сиз {word_third}. Муну өчүрүңүз.⏎1 Кийин 0 Бүттү
third sends: 1
third gets: 2 саатта болбосо, качан?⏎1 Күнү бою⏎2 Эртелеп⏎3 Күндүз⏎4 Кечинде⏎0 Жок
third sends: 0
third gets: Кайдасыз?⏎1 Бишкек⏎2 Ош шаары⏎3 Чүй⏎4 Ош облусу⏎9 Дагы⏎0 Айтпайм
