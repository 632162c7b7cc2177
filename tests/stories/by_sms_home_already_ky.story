# "I am home already" in Kyrgyz, in each kind of dialogue.
caller sends: чалыңыз
caller gets: Саламатсызбы. Сизге чалса болобу?⏎1 Ооба 0 Жок
caller sends: мен үйдөмүн
caller gets: Макул. Бардык чалууну токтотолубу?⏎1 Ооба 0 Жок
caller sends: жок
caller gets: Макул, өзгөрүү жок. Керек болсо ЧАЛЫҢЫЗ, болбосо ТОКТОТ деп жазыңыз.
# In danger, and 1 stops all calls.
other sends: мени урат
other gets: Саламатсызбы. Сизге чалса болобу?⏎1 Ооба 0 Жок
other sends: мен үйдөмүн
other gets: Макул. Бардык чалууну токтотолубу?⏎1 Ооба 0 Жок
other sends: 1
other gets: Макул. Тынчыңызды албайбыз.
# About somebody close.
third sends: үй-бүлө
third gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 2 Шашылыш 0 Жок
third sends: мен үйдөмүн
third gets: Макул. Бардык чалууну токтотолубу?⏎1 Ооба 0 Жок
third sends: 0
third gets: Макул, өзгөрүү жок. Керек болсо ЧАЛЫҢЫЗ, болбосо ТОКТОТ деп жазыңыз.
# About somebody close in danger.
fourth sends: үй-бүлө
fourth gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 2 Шашылыш 0 Жок
fourth sends: кызымды камап коюшту
fourth gets: Салам. Сизди ойлонткон нерсе жөнүндө чалалыбы?⏎1 Ооба 0 Жок
fourth sends: мен үйдөмүн
fourth gets: Макул. Бардык чалууну токтотолубу?⏎1 Ооба 0 Жок
fourth sends: ооба
fourth gets: Макул. Тынчыңызды албайбыз.
