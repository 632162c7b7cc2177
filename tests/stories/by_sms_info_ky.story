country KG with topics by SMS
# The same in Kyrgyz: the other topics.
caller sends: маалымат
caller gets: Жумуш жөнүндө:⏎1 Төлөм⏎2 Эс алуу⏎3 Келишим⏎4 Документтер⏎5 Фирма
caller sends: 2
caller gets: Күн сайын, жума сайын эс алсаңыз болот. Ашык саатты жазыңыз.
caller sends: маалымат
caller gets: Жумуш жөнүндө:⏎1 Төлөм⏎2 Эс алуу⏎3 Келишим⏎4 Документтер⏎5 Фирма
caller sends: 4
caller gets: Документиңизди өзүңүз алып жүрүңүз. Сүрөтүн үйдө сактаңыз.
other sends: маалымат
other gets: Жумуш жөнүндө:⏎1 Төлөм⏎2 Эс алуу⏎3 Келишим⏎4 Документтер⏎5 Фирма
other sends: 5
other gets: Адегенде фирманы текшериңиз: чалып, иштегендерден сураңыз.
# After a topic the caller asks for a call.
other sends: жардам
other gets: Саламатсызбы. Сизге чалса болобу?⏎1 Ооба 0 Жок
other sends: 1
other gets: Качан ыңгайлуу?⏎1 Күнү бою⏎2 Эртелеп⏎3 Күндүз⏎4 Кечинде⏎5 Эртең⏎0 Жок
other sends: 2
request is waiting
